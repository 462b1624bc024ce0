const encoder = new TextEncoder();

export const toEvent = (type: string, data: object): string =>
  `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

/** Writes the server-sent events of several generations as those of one answer. */
export class SseBlocks {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #count = 0;

  constructor(writable: WritableStream<Uint8Array>) {
    this.#writer = writable.getWriter();
  }

  /** Sends an event under the next number. When the reader has left, nothing is written, but the answer continues. */
  async send(event: string): Promise<void> {
    if (event === '') return;
    this.#count++;
    const text = `id: ${this.#count}\n${event.replace(/^id: .*\n/, '')}`;
    await this.#writer.write(encoder.encode(text)).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#writer.close().catch(() => undefined);
  }

  /** Passes events on, except the one that ends them. @returns that event */
  async forward(events: ReadableStream<Uint8Array>): Promise<string> {
    const decoder = new TextDecoder();
    let rest = '';
    let last = '';
    for await (const chunk of events) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        if (/^event: (ended|failed)$/m.test(block)) last = `${block}\n\n`;
        else await this.send(`${block}\n\n`);
      }
    }
    return last;
  }
}
