import { isErrorCode, ParleyError } from '@parley/contracts';

const document = 'mutation($input:SendMessageInput!){sendMessage(input:$input){seq}}';
const patienceMs = 15_000;

/** An acknowledgement, or a refusal. */
export type HttpAnswer =
  | { readonly status: number; readonly seq: number }
  | { readonly status: number; readonly fault: ParleyError };

/** One try of a send, with nothing of the SDK. @throws timeout when no answer came, so that the outcome is open */
export async function sendByHttp(
  url: string,
  token: string,
  input: { readonly channelId: string; readonly id: string; readonly text: string },
): Promise<HttpAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: document, variables: { input } }),
    signal: AbortSignal.timeout(patienceMs),
  }).catch((cause: unknown) => {
    throw open(cause);
  });
  const answer = await response.json().then(
    (body) =>
      body as {
        data?: { sendMessage?: { seq?: number } };
        errors?: { message: string; extensions?: { code?: string } }[];
      },
    (cause: unknown) => {
      throw open(cause);
    },
  );
  const { status } = response;
  const seq = answer.data?.sendMessage?.seq;
  if (seq !== undefined) return { status, seq };
  const [fault] = answer.errors ?? [];
  const code = fault?.extensions?.code;
  const message = fault?.message ?? `status ${status}`;
  return { status, fault: new ParleyError(isErrorCode(code) ? code : 'internal', message) };
}

const open = (cause: unknown): ParleyError =>
  new ParleyError('timeout', 'unable to learn the outcome; the connection broke', { cause });
