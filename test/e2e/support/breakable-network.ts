import type { Page } from 'playwright-core';

/** The network between a page and the product, which breaks and heals as a test says. */
export async function createBreakableNetwork(page: Page) {
  await page.evaluate(`(() => {
    const Real = WebSocket;
    window.broken = { lines: [], refuses: () => false };
    window.WebSocket = class extends Real {
      constructor(url, protocols) {
        const ticket = protocols?.[1];
        super(url, ticket && broken.refuses(ticket) ? [protocols[0], 'ticket.none'] : protocols);
        // The media client's own socket has none.
        if (ticket) broken.lines.push({ line: this, ticket });
        for (const type of ['message', 'close'])
          this.addEventListener(type, (event) => this.cut && event.isTrusted && event.stopImmediatePropagation());
      }
    };
  })()`);
  let abortedCount = 0;
  const api = '**/api/v1/**';
  return {
    /** How often the page has asked the API in vain. */
    countAborted: () => abortedCount,
    /** Ends the socket; its ticket opens no other one, or none does, and the API cannot be reached. */
    async cut(tickets: 'this' | 'every') {
      abortedCount = 0;
      await page.route(api, (route) => (abortedCount++, route.abort()));
      await page.evaluate(`(() => {
        const { line, ticket: old } = broken.lines.at(-1);
        broken.refuses = (ticket) => ${tickets === 'every'} || ticket === old;
        line.cut = true;
        line.close();
        line.dispatchEvent(new CloseEvent('close', { code: 1006 }));
      })()`);
    },
    async heal(tickets: 'this' | 'every') {
      if (tickets === 'every') await page.evaluate('broken.refuses = () => false');
      await page.unroute(api);
    },
  };
}
