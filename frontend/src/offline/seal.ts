/**
 * The kept copy is sealed with a data key that is in clear only in memory; what lies in the browser is that key wrapped
 * by the person's PIN. AES-GCM, and the name of what is sealed is bound in: nothing can be put in another's place.
 */
export interface Box {
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}
export interface Wrapped extends Box {
  salt: Uint8Array<ArrayBuffer>;
}

/** As many as a PIN needs, so that trying all of them takes days. */
export const ROUNDS = 600_000;
const IV_BYTES = 12;
const SALT_BYTES = 16;
const words = new TextEncoder();
const random = (bytes: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(bytes));

/** It may be wrapped once; from then on memory holds one that cannot be taken out. */
export const newKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);

async function ofPin(pin: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<CryptoKey> {
  const known = await crypto.subtle.importKey("raw", words.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, known, { name: "AES-GCM", length: 256 }, false, [
    "wrapKey",
    "unwrapKey",
  ]);
}

export async function wrap(key: CryptoKey, pin: string, rounds = ROUNDS): Promise<Wrapped> {
  const [salt, iv] = [random(SALT_BYTES), random(IV_BYTES)];
  const by = await ofPin(pin, salt, rounds);
  return { salt, iv, data: await crypto.subtle.wrapKey("raw", key, by, { name: "AES-GCM", iv }) };
}

/** Throws for a wrong PIN. What it gives cannot be taken out of the browser. */
export async function unwrap(wrapped: Wrapped, pin: string, rounds = ROUNDS): Promise<CryptoKey> {
  const by = await ofPin(pin, wrapped.salt, rounds);
  const how = { name: "AES-GCM", iv: wrapped.iv };
  return crypto.subtle.unwrapKey("raw", wrapped.data, by, how, "AES-GCM", false, ["encrypt", "decrypt"]);
}

export async function seal(key: CryptoKey, name: string, value: unknown): Promise<Box> {
  const iv = random(IV_BYTES);
  const how = { name: "AES-GCM", iv, additionalData: words.encode(name) };
  return { iv, data: await crypto.subtle.encrypt(how, key, words.encode(JSON.stringify(value))) };
}

export async function unseal<T>(key: CryptoKey, name: string, box: Box): Promise<T> {
  const how = { name: "AES-GCM", iv: box.iv, additionalData: words.encode(name) };
  const plain = await crypto.subtle.decrypt(how, key, box.data);
  return JSON.parse(new TextDecoder().decode(plain)) as T;
}
