import { createHash, randomUUID } from 'node:crypto';
import { ToolServer } from './mcp-server.ts';

/** A server that wants OAuth, in the stand-in of the internet. */
export const PROTECTED_SERVER = 'https://mcp.tools.example/protected';
/** Where its authorization server is. */
export const LOGIN_SERVER = 'https://login.tools.example';
const RESOURCE_METADATA = 'https://mcp.tools.example/.well-known/oauth-protected-resource/protected';
/** What the server says when it refuses. */
const CHALLENGE = `Bearer resource_metadata="${RESOURCE_METADATA}", scope="tools"`;

type Answer = Response | Promise<Response>;

interface Grant {
  challenge: string;
  redirectUri: string;
}

/** An MCP server and its authorization server, with codes that count once and refresh tokens that rotate, whose faults a test sets. */
export class AuthorizationServer {
  /** What it says otherwise than it should. */
  metadata: Record<string, unknown> = {};
  resource: Record<string, unknown> = {};
  /** What its token endpoint answers instead. */
  tokenFault: (() => Answer) | undefined;
  /** What happens before it gives a token. */
  beforeToken: (() => Promise<unknown>) | undefined;
  /** Seconds that an access token counts; undefined to say nothing. */
  expiresIn: number | undefined = 3_600;
  /** What happens before its server answers a request with a token that counts. */
  beforeAnswer: (() => Promise<unknown>) | undefined;
  /** What happens before its server refuses a token that does not count. */
  beforeRefusal: (() => Promise<unknown>) | undefined;
  /** The access token that counts. */
  accessToken: string | undefined;
  /** Whether the server forbids all requests with a token that counts, without a word about its scope. */
  isForbidding = false;
  /** A tool that wants more scope than there is. */
  toolOutOfScope: string | undefined;
  refreshToken: string | undefined;
  readonly requests: { path: string; body: URLSearchParams }[] = [];
  readonly #tools = new ToolServer();
  readonly #codes = new Map<string, Grant>();

  /** What the browser of a person who consents brings back. */
  consent(authorizationUrl: string): { code: string; state: string; iss: string } {
    const { searchParams } = new URL(authorizationUrl);
    const code = randomUUID();
    if (
      searchParams.get('code_challenge_method') !== 'S256' ||
      searchParams.get('resource') !== PROTECTED_SERVER
    )
      throw new Error(`the consent is asked for without PKCE or resource: ${authorizationUrl}`);
    this.#codes.set(code, {
      challenge: searchParams.get('code_challenge')!,
      redirectUri: searchParams.get('redirect_uri')!,
    });
    return { code, state: searchParams.get('state')!, iss: LOGIN_SERVER };
  }

  /** How often tokens were refreshed. */
  refreshes(): number {
    return this.requests.filter(({ body }) => body.get('grant_type') === 'refresh_token').length;
  }

  /** The tokens that it was asked to revoke. */
  revoked(): (string | null)[] {
    return this.requests.filter(({ path }) => path === '/revoke').map(({ body }) => body.get('token'));
  }

  answers(url: string): boolean {
    return url.startsWith(`${LOGIN_SERVER}/`) || [RESOURCE_METADATA, PROTECTED_SERVER].includes(url);
  }

  fetch = async (url: string, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(url, init);
    if (url === PROTECTED_SERVER) return this.#serve(request);
    if (url === RESOURCE_METADATA)
      return Response.json({
        resource: PROTECTED_SERVER,
        authorization_servers: [LOGIN_SERVER],
        ...this.resource,
      });
    const { pathname } = new URL(url);
    if (pathname === '/.well-known/oauth-authorization-server') return Response.json(this.#describe());
    if (pathname === '/register') {
      const asked = await request.json<object>();
      return Response.json({ ...asked, client_id: 'registered' }, { status: 201 });
    }
    if (pathname !== '/token' && pathname !== '/revoke') return new Response(null, { status: 404 });
    const body = new URLSearchParams(await request.text());
    this.requests.push({ path: pathname, body });
    if (pathname === '/revoke') return new Response(null, { status: 200 });
    await this.beforeToken?.();
    return this.tokenFault ? this.tokenFault() : this.#answerToken(body);
  };

  async #serve(request: Request): Promise<Response> {
    const credential = request.headers.get('authorization');
    if (this.accessToken === undefined || credential !== `Bearer ${this.accessToken}`) {
      if (credential !== null) await this.beforeRefusal?.();
      return new Response(null, { status: 401, headers: { 'www-authenticate': CHALLENGE } });
    }
    await this.beforeAnswer?.();
    if (this.isForbidding) return new Response(null, { status: 403 });
    const wanted = this.toolOutOfScope;
    if (wanted !== undefined && (await request.clone().text()).includes(`"${wanted}"`))
      return new Response(null, {
        status: 403,
        headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="tools ${wanted}"` },
      });
    return this.#tools.answer(request);
  }

  #describe(): object {
    return {
      issuer: LOGIN_SERVER,
      authorization_endpoint: `${LOGIN_SERVER}/authorize`,
      token_endpoint: `${LOGIN_SERVER}/token`,
      registration_endpoint: `${LOGIN_SERVER}/register`,
      revocation_endpoint: `${LOGIN_SERVER}/revoke`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
      authorization_response_iss_parameter_supported: true,
      ...this.metadata,
    };
  }

  #answerToken(body: URLSearchParams): Response {
    if (body.get('resource') !== PROTECTED_SERVER)
      return Response.json({ error: 'invalid_target' }, { status: 400 });
    const isGranted =
      body.get('grant_type') === 'refresh_token'
        ? body.get('refresh_token') === this.refreshToken
        : this.#takeCode(body);
    if (!isGranted) return Response.json({ error: 'invalid_grant' }, { status: 400 });
    this.accessToken = `access-${randomUUID()}`;
    this.refreshToken = `refresh-${randomUUID()}`;
    return Response.json({
      access_token: this.accessToken,
      refresh_token: this.refreshToken,
      token_type: 'Bearer',
      ...(this.expiresIn === undefined ? {} : { expires_in: this.expiresIn }),
    });
  }

  #takeCode(body: URLSearchParams): boolean {
    const code = body.get('code') ?? '';
    const grant = this.#codes.get(code);
    this.#codes.delete(code);
    const proof = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    return grant?.challenge === proof && grant.redirectUri === body.get('redirect_uri');
  }
}
