import { createHashingQueue } from '../../../src/identity/passwords/index.ts';

const REQUESTER = { key: 'bench', proven: false };
const queue = createHashingQueue();

/** One password hash for each request, as a log-in computes it. */
export default {
  async fetch(): Promise<Response> {
    return Response.json(await queue.hash('an ordinary password', REQUESTER));
  },
};
