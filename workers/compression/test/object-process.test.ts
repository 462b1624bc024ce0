import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { ObjectProcess } from '../src/objects/object-process.ts';

const MIB = 1024 * 1024;
const children = () =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'latin1').trim().split(' ');

/** What a step leaves behind is that of the codecs, which are there from the first step on. */
async function work(maxBytes: number) {
  const others = new Set(children());
  const object = new ObjectProcess(maxBytes, new AbortController().signal);
  onTestFinished(() => object.end());
  const step = async () => {
    await expect(object.ask({ type: 'inspect', input: '/nowhere/at/all' })).rejects.toThrow('ENOENT');
    return children().filter((pid) => !others.has(pid));
  };
  return [await step(), await step()];
}

it('the steps of an object share a process that keeps little, and one that keeps much of its limit is replaced', async () => {
  const [first, second] = await work(2_048 * MIB);
  expect([first!.length, second]).toEqual([1, first]);
  const [kept, next] = await work(300 * MIB);
  expect([kept!.length, next!.length]).toEqual([1, 1]);
  expect(next).not.toEqual(kept);
});
