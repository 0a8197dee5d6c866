/** What POST /api/sign-in/enrol answers. */
export interface Invitation {
  email: string;
  name: string;
  totp_uri: string;
  totp_qr_svg: string;
  recovery_codes: string[];
}

/** The token stands after the #, which no server or proxy ever logs; older links carry it as ?token=. */
export function invitation({ hash, search }: { hash: string; search: string }): string {
  const after = hash.replace(/^#/, "");
  const named = new URLSearchParams(after).get("token") ?? new URLSearchParams(search).get("token");
  return named ?? decodeURIComponent(after);
}

/** A key to type when there is no camera: the secret of otpauth://…, in fours. */
export function typedKey(uri: string): string {
  const secret = /[?&]secret=([^&]+)/.exec(uri)?.[1] ?? "";
  return secret.replace(/(.{4})(?=.)/g, "$1 ");
}

export const PASSPHRASE_MIN = 15;

export interface Answers {
  passphrase: string;
  again: string;
  pin: string;
  code: string;
  kept: boolean;
}
export type Wrong = Partial<Record<keyof Answers, string>>;

export interface Sentences {
  passphraseShort: (missing: number) => string;
  differs: string;
  pinShort: string;
  codeShort: string;
  keptNeeded: string;
}

/** What a person can mend before sending. The server checks everything again. */
export function check(answers: Answers, say: Sentences): Wrong {
  const wrong: Wrong = {};
  const missing = PASSPHRASE_MIN - [...answers.passphrase].length;
  if (missing > 0) wrong.passphrase = say.passphraseShort(missing);
  else if (answers.passphrase !== answers.again) wrong.again = say.differs;
  if (!/^\d{4,8}$/.test(answers.pin)) wrong.pin = say.pinShort;
  if (!/^\d{6}$/.test(answers.code.replace(/\s/g, ""))) wrong.code = say.codeShort;
  if (!answers.kept) wrong.kept = say.keptNeeded;
  return wrong;
}
