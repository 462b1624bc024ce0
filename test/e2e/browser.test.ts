import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { listen } from '../../workers/local/listen.ts';
import { openBrowser, requireBrowser } from './support/browser.ts';

const DEVICES = `navigator.mediaDevices.getUserMedia({ audio: true, video: true })
  .then((stream) => stream.getTracks().map(({ kind, readyState }) => kind + ' ' + readyState))`;

it('a browser has devices, shows a public page, and reports what its security policy blocks', async (context) => {
  const program = requireBrowser(context);
  const server = await listen(
    createServer((_, response) => {
      response.writeHead(200, {
        'content-type': 'text/html',
        'content-security-policy': "default-src 'none'",
      });
      response.end(
        '<!doctype html><title>Hall</title><button aria-label="Enter">→</button><script>1</script>',
      );
    }),
    0,
  );
  const browser = await openBrowser(program);
  const { page, pageErrors } = await browser.visit(server.url);
  expect(await page.title()).toBe('Hall');
  expect(await page.getByRole('button', { name: 'Enter' }).count()).toBe(1);
  expect(await page.evaluate(DEVICES)).toEqual(['audio live', 'video live']);
  expect(pageErrors).toEqual([expect.stringContaining('Content Security Policy')]);
  await browser.close();
  await server.close();
});
