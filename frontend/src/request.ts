import { confirming } from "./confirming.svelte";
import { me } from "./me.svelte";
import { confirm, shell } from "./words/shell";

/** RFC 9457. `detail` is the sentence a person reads. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  id?: string;
  fields?: Record<string, string>;
}

/** The server answered no, with a sentence. `code` is for branching, `message` for reading. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Record<string, string>;

  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "Refused";
    this.status = problem.status;
    this.code = problem.code;
    this.fields = problem.fields ?? {};
  }
}

/** Nobody can say whether the server did it: no answer came after every try. */
export class NoAnswer extends Error {
  constructor() {
    super(shell.noAnswer);
    this.name = "NoAnswer";
  }
}

/** 4xx is an answer; no answer and 502 to 504 are tried again under the same command id, which makes it safe. */
const PAUSES_MS = [300, 1200];
/** A server that is stopped, not gone, keeps the connection open and never answers. */
const PATIENCE_MS = 8000;
/** Years of incidents take longer to write out, and nobody's alert waits for them. */
const FILE_PATIENCE_MS = 120_000;
const TRY_AGAIN = new Set([502, 503, 504]);
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function attempt(
  path: string,
  init: RequestInit,
  pauses: readonly number[],
  patienceMs = PATIENCE_MS,
): Promise<Response> {
  for (let n = 0; ; n++) {
    const wait = pauses[n];
    try {
      const patience = AbortSignal.timeout(patienceMs);
      const signal = init.signal ? AbortSignal.any([init.signal, patience]) : patience;
      const response = await fetch(`/api${path}`, { ...init, signal });
      if (!TRY_AGAIN.has(response.status) || wait === undefined) return response;
    } catch (error) {
      if (init.signal?.aborted) throw error;
      if (wait === undefined) throw new NoAnswer();
    }
    await pause(wait);
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const plain = { type: "about:blank", title: response.statusText, status: response.status, code: "unknown" };
  try {
    return { ...plain, detail: shell.notDone, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return { ...plain, detail: shell.notDone };
  }
}

/** The answer, when it is yes. Otherwise its sentence is thrown. */
async function accepted(response: Response): Promise<Response> {
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (response.status === 423) me.coverNow();
  if (response.status === 401 && problem.code === "signed_out") me.signedOut();
  throw new Refused(problem);
}

/** Exports and changes of telephone numbers ask for the PIN again: then the very same request is sent once more. */
async function confirmed(send: () => Promise<Response>): Promise<Response> {
  try {
    return await accepted(await send());
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "confirm_needed") throw error;
    if (!(await confirming.ask())) throw new Refused({ ...error.problem, detail: confirm.cancelled });
    return accepted(await send());
  }
}

async function read<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export function withQuery(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  return search.size ? `${path}?${search}` : path;
}

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const init: RequestInit = { headers: { Accept: "application/json" }, credentials: "same-origin" };
  if (signal) init.signal = signal;
  return read<T>(await confirmed(() => attempt(withQuery(path, query), init, PAUSES_MS)));
}

/** Reading again without anybody having pressed: it does not keep an idle screen open. */
export async function refresh<T>(path: string, query?: Query): Promise<T> {
  const headers = { Accept: "application/json", "Handrail-Background": "1" };
  return read<T>(
    await accepted(await attempt(withQuery(path, query), { headers, credentials: "same-origin" }, PAUSES_MS)),
  );
}

/** What is not JSON: a file to save, byte for byte. Asked once, because making it is work. */
export async function getFile(path: string, query?: Query): Promise<Blob> {
  const init: RequestInit = { credentials: "same-origin" };
  return (await confirmed(() => attempt(withQuery(path, query), init, [], FILE_PATIENCE_MS))).blob();
}

/** The same for a file that is made of an answer, such as a plan on paper. */
export async function postFile(path: string, body: unknown): Promise<Blob> {
  const headers = { "Content-Type": "application/json", "Command-Id": newCommandId() };
  const init: RequestInit = {
    method: "POST",
    headers,
    credentials: "same-origin",
    body: JSON.stringify(body),
  };
  return (await confirmed(() => attempt(path, init, [], FILE_PATIENCE_MS))).blob();
}

/** A file that somebody brings, as it is. One try: reading it is work, and its command makes a second press safe. */
const given = (path: string, file: Blob, commandId: string): Promise<Response> =>
  confirmed(() => {
    const headers = { "Content-Type": "text/csv", "Command-Id": commandId };
    const init: RequestInit = { method: "POST", headers, credentials: "same-origin", body: file };
    return attempt(path, init, [], FILE_PATIENCE_MS);
  });

export async function giveFile<T>(path: string, file: Blob, commandId = newCommandId()): Promise<T> {
  return read<T>(await given(path, file, commandId));
}

/** The same, where a file comes back. */
export async function fileForFile(path: string, file: Blob): Promise<Blob> {
  return (await given(path, file, newCommandId())).blob();
}

/** One try, for a caller that tries again by itself. */
export async function getOnce<T>(path: string): Promise<T> {
  const init: RequestInit = { headers: { Accept: "application/json" }, credentials: "same-origin" };
  return read<T>(await accepted(await attempt(path, init, [])));
}

async function write<T>(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  commandId: string = newCommandId(),
): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", "Command-Id": commandId };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (body !== undefined) init.body = JSON.stringify(body);
  return read<T>(await confirmed(() => attempt(path, init, PAUSES_MS)));
}

/** Each press is one command. Pass the same id again only to repeat the very same press after NoAnswer. */
export const newCommandId = (): string => crypto.randomUUID();

export const post = <T = void>(path: string, body: unknown = {}, commandId?: string): Promise<T> =>
  write<T>("POST", path, body, commandId);
export const put = <T = void>(path: string, body: unknown, commandId?: string): Promise<T> =>
  write<T>("PUT", path, body, commandId);
export const patch = <T = void>(path: string, body: unknown, commandId?: string): Promise<T> =>
  write<T>("PATCH", path, body, commandId);
export const remove = <T = void>(path: string, commandId?: string): Promise<T> =>
  write<T>("DELETE", path, undefined, commandId);

/** The sentence to show for whatever was thrown. */
export function sentence(error: unknown): string {
  return error instanceof Refused || error instanceof NoAnswer ? error.message : shell.notDone;
}
