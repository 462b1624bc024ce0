interface ProxyEnv {
  PROVIDER_URL: string;
}

/** The least that stands between a caller and a provider: passes the request and the answer on as they are. */
export default {
  fetch: ({ method, headers, body }: Request, { PROVIDER_URL }: ProxyEnv): Promise<Response> =>
    fetch(`${PROVIDER_URL}/v1/messages`, { method, headers, body }),
};
