export interface ApiResponse {
  status: number;
  headers: Headers;
  body: any; // eslint-disable-line typescript/no-explicit-any -- the shape is what tests look into
}

export interface ApiClient {
  send(
    method: string,
    path: string,
    options?: { token?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<ApiResponse>;
}

let callers = 0;

/** A caller at an address of their own, so that one test's sign-ins do not use up another's. */
export function createApiClient(api: string): ApiClient {
  callers++;
  const address = `203.0.${process.pid % 256}.${callers % 256}`;
  return {
    async send(method, path, { token, body, headers = {} } = {}) {
      const response = await fetch(`${api}${path}`, {
        method,
        headers: {
          'cf-connecting-ip': address,
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = text !== '' && response.headers.get('content-type')?.includes('json') === true;
      return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
    },
  };
}

export interface ReceivedMail {
  id: string;
  to: string[];
  subject: string;
  text: string;
}

/** The newest mail to the address, once it is there. @throws when none comes in time */
export async function waitForMail(mails: string, address: string): Promise<ReceivedMail> {
  const response = await fetch(`${mails}/mails?to=${encodeURIComponent(address)}&wait=20`);
  const { data } = await response.json<{ data: ReceivedMail[] }>();
  const [newest] = data;
  if (!newest) throw new Error(`no mail came to ${address}`);
  return newest;
}
