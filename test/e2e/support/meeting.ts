import { vi } from 'vitest';
import { type Client, callerOf } from './client.ts';
import { Participant } from './participants.ts';

export type Body = any; // eslint-disable-line typescript/no-explicit-any -- the shape is what tests look into

/** Somebody with an organization of their own, who makes rooms and reads their calls. */
export class Host {
  private readonly caller: Client;
  private readonly token: string;
  readonly userId: string;

  private constructor(caller: Client, token: string, userId: string) {
    this.caller = caller;
    this.token = token;
    this.userId = userId;
  }

  static async signUp(api: string): Promise<Host> {
    const caller = callerOf(api);
    const email = `host-${crypto.randomUUID().slice(0, 8)}@northwind.example`;
    const body = { email, password: 'violet-harbour-42-kites', name: 'A Host' };
    const made = await caller.send('POST', '/api/v1/auth/signup', { body });
    if (made.status !== 201) throw new Error(`signing up was answered with ${made.status}`);
    const token = made.body.accessToken as string;
    const { body: holder } = await caller.send('GET', '/api/v1/auth/whoami', { token });
    return new Host(caller, token, holder.id as string);
  }

  /** What a GET, or another call with a body, answers. @throws unless it succeeds */
  async call(path: string, method = 'GET', body?: unknown): Promise<Body> {
    const answer = await this.caller.send(method, `/api/v1${path}`, { token: this.token, body });
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  room(settings: Record<string, unknown> = {}): Promise<Body> {
    return this.call('/rooms', 'POST', { name: 'Weekly', ...settings });
  }

  /** Makes a key with which a service speaks for its own people. */
  async service(): Promise<Host> {
    const key = await this.call('/api-keys', 'POST', { name: 'A service', scopes: ['read', 'rooms:write'] });
    return new Host(this.caller, key.secret as string, '');
  }

  /** A token for the room; a service says for whom. */
  admission(roomId: string, identity?: string, role?: string): Promise<Body> {
    return this.call(`/rooms/${roomId}/token`, 'POST', { identity, role });
  }

  /** What the roster tells of somebody, once they are there: a page shows its controls before it is connected. */
  present(roomId: string, name: string): Promise<Body> {
    const look = async () => {
      const { data } = await this.call(`/rooms/${roomId}/participants`);
      const found = data.find((each: Body) => each.name === name);
      if (!found) throw new Error(`${name} is not among ${JSON.stringify(data)}`);
      return found;
    };
    return vi.waitFor(look, { interval: 1_000, timeout: 15_000 });
  }

  /** Connects by an admission, with real media. */
  static enter({ url, token }: Body): Promise<Participant> {
    return Participant.join(url as string, token as string);
  }
}
