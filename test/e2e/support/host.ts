import { setTimeout as sleep } from 'node:timers/promises';
import { vi } from 'vitest';
import { type ApiClient, createApiClient, waitForMail } from './api-client.ts';
import { Participant } from './participant.ts';

export type JsonBody = any; // eslint-disable-line typescript/no-explicit-any -- the shape is what tests look into

/** Where tests that run at once share an organization, others may use what one waited for. */
const MAX_ATTEMPTS = 5;

/** A user with an organization of their own, in which they create rooms. */
export class Host {
  private readonly api: string;
  private readonly client: ApiClient;
  readonly token: string;
  readonly userId: string;
  private readonly email: string;

  private constructor(api: string, client: ApiClient, token: string, userId: string, email = '') {
    this.api = api;
    this.client = client;
    this.token = token;
    this.userId = userId;
    this.email = email;
  }

  static async signUp(api: string): Promise<Host> {
    const client = createApiClient(api);
    const email = `host-${crypto.randomUUID().slice(0, 8)}@northwind.example`;
    const body = { email, password: 'violet-harbour-42-kites', name: 'A Host' };
    const made = await client.send('POST', '/api/v1/auth/signup', { body });
    if (made.status !== 201) throw new Error(`signing up was answered with ${made.status}`);
    const token = made.body.accessToken as string;
    const { body: holder } = await client.send('GET', '/api/v1/auth/whoami', { token });
    return new Host(api, client, token, holder.id as string, email);
  }

  /**
   * What a GET, or another call with a body, answers. Where the plan's requests of the minute are used up it is sent again
   * when the answer says. @throws unless it succeeds
   */
  async callApi(path: string, method = 'GET', body?: unknown): Promise<JsonBody> {
    const send = () => this.client.send(method, `/api/v1${path}`, { token: this.token, body });
    let answer = await send();
    for (let attempt = 1; answer.status === 429 && attempt < MAX_ATTEMPTS; attempt++) {
      await sleep(1_000 * Number(answer.headers.get('retry-after')));
      answer = await send();
    }
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  createRoom(settings: Record<string, unknown> = {}): Promise<JsonBody> {
    return this.callApi('/rooms', 'POST', { name: 'Weekly', ...settings });
  }

  /** Shares a file in a room, and waits until it was scanned: nobody else gets it before. */
  async shareFile(roomId: string, name: string, content: string): Promise<JsonBody> {
    const query = new URLSearchParams({ roomId, name }).toString();
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/octet-stream' };
    const answer = await fetch(`${this.api}/api/v1/files?${query}`, {
      method: 'POST',
      headers,
      body: content,
    });
    if (answer.status !== 201) throw new Error(`uploading was answered with ${answer.status}`);
    const { id } = await answer.json<{ id: string }>();
    const findScanned = async () => {
      const file = await this.callApi(`/files/${id}`);
      if (file.scanStatus !== 'clean') throw new Error(`the file is ${file.scanStatus}`);
      return file;
    };
    return vi.waitFor(findScanned, { interval: 500, timeout: 30_000 });
  }

  /** Creates an API key with which a service joins for its own people. */
  async createService(scopes: readonly string[] = ['read', 'rooms:write']): Promise<Host> {
    const key = await this.callApi('/api-keys', 'POST', {
      name: 'A service',
      scopes,
    });
    return new Host(this.api, this.client, key.secret as string, '');
  }

  /** Adds a member to their organization, by mails as people do. */
  async addMember(mails: string): Promise<{ member: Host; path: string }> {
    const proof = await waitForMail(mails, this.email);
    const token = /#token=([\w.-]+)/.exec(proof.text)?.[1];
    await this.callApi('/auth/email/verify', 'POST', { token });
    const { organizationId } = await this.callApi('/auth/whoami');
    const email = `member-${crypto.randomUUID().slice(0, 8)}@northwind.example`;
    const organization = `/organizations/${organizationId}`;
    await this.callApi(`${organization}/invitations`, 'POST', { email, role: 'member' });
    const invitation = /ali_[\w-]+/.exec((await waitForMail(mails, email)).text)?.[0];
    const client = createApiClient(this.api);
    const { body } = await client.send('POST', '/api/v1/invitations/accept-new', {
      body: { token: invitation, name: 'A Member', password: 'copper-lantern-77-moss' },
    });
    const userId = body.user.id as string;
    const { data } = await this.callApi(`${organization}/members?limit=100`);
    const { id } = data.find((each: JsonBody) => each.userId === userId);
    return {
      member: new Host(this.api, client, body.accessToken as string, userId),
      path: `${organization}/members/${id}`,
    };
  }

  /** A token for the room; an API key names the identity. */
  requestAdmission(roomId: string, identity?: string, role?: string): Promise<JsonBody> {
    return this.callApi(`/rooms/${roomId}/token`, 'POST', { identity, role });
  }

  /** A person's entry in the roster, once it is there: a page shows its controls before it is connected. */
  waitForParticipant(roomId: string, name: string): Promise<JsonBody> {
    const findParticipant = async () => {
      const { data } = await this.callApi(`/rooms/${roomId}/participants`);
      const found = data.find((each: JsonBody) => each.name === name);
      if (!found) throw new Error(`${name} is not among ${JSON.stringify(data)}`);
      return found;
    };
    return vi.waitFor(findParticipant, { interval: 1_000, timeout: 15_000 });
  }

  /** Connects with an admission, with real media. */
  static connect({ url, token }: JsonBody): Promise<Participant> {
    return Participant.join(url as string, token as string);
  }
}
