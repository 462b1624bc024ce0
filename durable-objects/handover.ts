/**
 * Passes a JSON value to an object along with an upgrade request: only `fetch` can return a socket, and it takes no other
 * arguments. A header holds ASCII alone.
 */
export interface Handover<T> {
  /** The upgrade request with the value in it. */
  attach(request: Request, value: T): Request;
  read(request: Request): T;
}

export const createHandover = <T>(header: string): Handover<T> => ({
  attach({ url, headers: original }, value) {
    const headers = new Headers(original);
    headers.set(header, encodeURIComponent(JSON.stringify(value)));
    return new Request(url, { headers });
  },
  read: ({ headers }) => JSON.parse(decodeURIComponent(headers.get(header)!)) as T,
});
