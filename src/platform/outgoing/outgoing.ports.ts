import type { AddressKind } from './address.rules.ts';

/** Looks host names up. */
export interface Resolver {
  /**
   * All IPv4 and IPv6 addresses of a name; none when it does not exist.
   * @throws Error when the resolver does not answer, or with something that is no answer
   */
  resolve(name: string, signal: AbortSignal): Promise<readonly string[]>;
}

export interface OutgoingRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  headers?: Headers;
  body?: Uint8Array<ArrayBuffer>;
  /** Most bytes of the answer's body, after decompression; default 65,536. */
  maxAnswerBytes?: number;
  /** Milliseconds for the whole request; default 10,000. */
  timeLimitMs?: number;
}

export interface OutgoingAnswer {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

/** The only way to addresses that customers give. */
export interface Outgoing {
  /**
   * Checks an address that a customer gives, before it is stored or handed to a server that will connect to it.
   * @returns the address as it is to be stored
   * @throws AppError `outgoing.address_refused`, `outgoing.unresolved` or `outgoing.resolver_unavailable`
   */
  requireAllowed(address: string, kind?: AddressKind): Promise<URL>;
  /**
   * Sends one request to a web address, which is checked first, and reads the whole answer within its time.
   * @throws AppError as `requireAllowed`, `outgoing.unreachable`, `outgoing.redirected` or `outgoing.answer_too_large`
   */
  fetch(address: string, request: OutgoingRequest): Promise<OutgoingAnswer>;
  /**
   * Sends one request to a web address, which is checked first, and hands on the answer while it comes. A redirect is handed on, and not
   * followed. The caller limits its time and its size.
   * @throws AppError as `requireAllowed`; what the platform throws where there is no connection
   */
  open(address: string, request: RequestInit): Promise<Response>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    outgoing: Outgoing;
  }
}
