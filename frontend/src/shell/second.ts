/**
 * What the board is shown and alarms without: fetched in one file right after it stands (`ahead.svelte.ts`), so that no press waits
 * for the network. Nothing imports this file but there.
 */
export { default as Care } from "../care/Care.svelte";
export { default as Offer } from "../care/Offer.svelte";
export { default as Waiting } from "../emergency/Waiting.svelte";
export { default as Opened } from "../grounding/Opened.svelte";
export { default as OwedBoard } from "../follow_ups/OwedBoard.svelte";
export { default as OwedLate } from "../follow_ups/OwedLate.svelte";
export { known } from "../grounding/texts.svelte";
export { default as CloseGroup } from "../lanes/CloseGroup.svelte";
export { default as LaneMenu } from "../lanes/LaneMenu.svelte";
export { default as LaneStrip } from "../lanes/LaneStrip.svelte";
export { default as RoomAsks } from "../lanes/RoomAsks.svelte";
export { default as RoomPanel } from "../lanes/RoomPanel.svelte";
export { default as Door } from "../offline/Door.svelte";
export { default as Keeper } from "../offline/Keeper.svelte";
export { default as KeptNow } from "../offline/KeptNow.svelte";
export { default as QuickReference } from "../places/QuickReference.svelte";
export { default as AccessBanner } from "../second_looks/AccessBanner.svelte";
export { default as SignIn } from "../sign_in/SignIn.svelte";
export { default as Step } from "../board/Step.svelte";
export { default as TileNotes } from "../board/TileNotes.svelte";
export { default as Confirm } from "./Confirm.svelte";
export { default as Pin } from "./Pin.svelte";
