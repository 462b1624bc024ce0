import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { findPython, SPEECH_FOLDER, speechCache } from '../../../workers/local/speech.ts';

/** `a`, `b` and `c` are groups; two places, of a group one, and four that wait. */
const PROGRAM = `
import asyncio, json
from auralink_speech.errors import Refusal
from auralink_speech.places import Places

async def main():
    places, begun, ends, tasks = Places(2, 1, 4), [], {}, {}
    async def work(name):
        async with places.take(name[0]):
            begun.append(name)
            ends[name] = asyncio.Event()
            await ends[name].wait()
    async def begin(*names):
        tasks.update({name: asyncio.create_task(work(name)) for name in names})
        await asyncio.sleep(0.01)
    async def end(name):
        ends[name].set()
        await asyncio.sleep(0.01)
    await begin("a1", "a2", "a3", "b1", "c1")
    steps = [list(begun)]
    tasks["a2"].cancel()
    await end("b1")
    steps.append(list(begun))
    await end("a1")
    steps.append(list(begun))
    await begin("a4", "a5", "a6")
    refused = [name for name, task in tasks.items() if task.done() and not task.cancelled() and isinstance(task.exception(), Refusal)]
    print(json.dumps({"steps": steps, "refused": refused}))

asyncio.run(main())
`;

it('groups take turns for places: one that sends much waits for its own, and callers that have left hold up none', () => {
  const python = findPython();
  if (!python) throw new Error('there is no Python that fits');
  const PYTHONPATH = [join(speechCache(python), 'packages'), SPEECH_FOLDER].join(delimiter);
  const env = { ...process.env, PYTHONPATH, PYTHONDONTWRITEBYTECODE: '1' };
  const out = execFileSync(python.program, ['-c', PROGRAM], { env, encoding: 'utf8' });
  expect(JSON.parse(out)).toEqual({
    steps: [
      ['a1', 'b1'],
      ['a1', 'b1', 'c1'],
      ['a1', 'b1', 'c1', 'a3'],
    ],
    refused: ['a6'],
  });
});
