import type * as Api from "../api";
import type { Sent } from "../sent";

export type ClientRow = Api.ClientRow;
export type ClientRecordView = Sent<Api.ClientRecord>;
export type PhoneView = ClientRecordView["phones"][number];
export type ContactView = ClientRecordView["contacts"][number];
export type ReleaseView = ClientRecordView["releases"][number];
export type DoNotContactView = ClientRecordView["do_not_contact"][number];
export type FirstOutreach = ClientRecordView["first_outreach"];
export type NoSafeContact = NonNullable<ClientRecordView["no_safe_contact"]>;
export type Address = Sent<Api.Address>;
export type Revealed = Sent<Api.Revealed>;
export type MayTell = Sent<Api.MayTell>;
export type Notice = Sent<Api.Notice>;
export type OwnPageView = Sent<Api.OwnPageView>;
export type CardReadView = Sent<Api.CardReadView>;
