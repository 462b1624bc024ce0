import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { AiStandIn, STAND_IN_KEY } from '../support/ai/stand-in.ts';
import { MODEL } from '../support/ai/stand-in-app.ts';
import { colourAt, readPng } from '../support/pictures.ts';
import { readSentences, type Sentence } from '../support/speech-service.ts';
import { Host, type JsonBody } from './support/host.ts';
import type { LaunchedProduct } from './support/launch.ts';
import { createOwnProduct, type OwnProduct } from './support/own-product.ts';
import { openRoomSocket } from './support/room-socket.ts';
import { Speaker } from './support/speaker.ts';

/** Recognition takes a busy machine long. */
const WITHIN_MS = 150_000;
const usage = { input_tokens: 12, output_tokens: 9 };

let own: OwnProduct;
let product: LaunchedProduct;
let standIn: AiStandIn;
let folder: string;
let sentences: Sentence[];
let host: Host;
let room: string;
let ada: Speaker;
let ben: Speaker;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auralink-agents-'));
  sentences = await readSentences();
  for (const [at, { pcm }] of sentences.entries()) await writeFile(join(folder, `${at}.pcm`), pcm);
  standIn = await new AiStandIn().start();
  own = await createOwnProduct();
  // The platform's key: what is asked with it is counted.
  const models = { ANTHROPIC_API_URL: standIn.url, ANTHROPIC_API_KEY: STAND_IN_KEY };
  product = own.start({ env: { SPEECH_URL: undefined, ...models } });
  await product.ready();
  const speech = `http://127.0.0.1:${product.ports.speech}/ready`;
  await vi.waitFor(
    async () => {
      if (!(await fetch(speech)).ok) throw new Error('the speech service is not ready');
    },
    { timeout: 120_000, interval: 500 },
  );
  host = await Host.signUp(`http://127.0.0.1:${product.ports.api}`);
  const service = await host.createService();
  room = (await host.createRoom()).id;
  ada = new Speaker(await service.requestAdmission(room, 'ada'));
  ben = new Speaker(await service.requestAdmission(room, 'ben'));
  await Promise.all([ada.next('connected'), ben.next('connected')]);
}, 240_000);

afterAll(async () => {
  ada?.end();
  ben?.end();
  await own?.close();
  await standIn?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What reached the person since they spoke last, recognized by the speech service. */
async function recognizeReceived(): Promise<string> {
  const file = join(folder, 'received.pcm');
  const begun = Date.now();
  ada.command(`write ${file}`);
  await ada.next('written', begun);
  const pcm = await readFile(file);
  const header = Buffer.alloc(44);
  header.write('RIFF');
  header.writeUInt32LE(36 + pcm.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(16_000, 24);
  header.writeUInt32LE(32_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(pcm.length, 40);
  const form = new FormData();
  form.set('file', new Blob([header, pcm]), 'received.wav');
  form.set('language', 'en');
  const { SPEECH_SECRET } = JSON.parse(await readFile(join(own.dir, 'secrets.json'), 'utf8')) as Record<
    string,
    string
  >;
  const answer = await fetch(`http://127.0.0.1:${product.ports.speech}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SPEECH_SECRET}` },
    body: form,
  });
  const body: JsonBody = await answer.json();
  return body.text;
}

/** The process of agents of this product: the one whose environment names it. */
async function findAgentsProcess(): Promise<number> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const env = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const isAgents = line.includes('agents/main.ts') && !line.includes('leash.ts');
    if (isAgents && env.includes(`PRODUCT_URL=http://127.0.0.1:${product.ports.api}\0`)) return Number(pid);
  }
  throw new Error('there is no process of agents');
}

const PATIENTLY = { timeout: WITHIN_MS, interval: 200 };

/** Somebody speaks a sentence. @returns when its last sound was sent */
const say = (person: Speaker, number: number): Promise<number> => person.say(join(folder, `${number}.pcm`));

const STAGES = ['a pause', 'recognized a sentence', 'the answer begins', 'a sentence to say', 'speaks'];

/** When the process of agents came to each stage of a turn, in milliseconds after the end of speech. */
function stagesAfter(endedAt: number, sound: number): string {
  const lines = product
    .output()
    .split('\n')
    .filter((line) => line.startsWith('agents {'))
    .map((line) => JSON.parse(line.slice('agents '.length)) as { at: string; line: string });
  const times = STAGES.map((stage) => {
    const found = lines.find(({ at, line }) => line === stage && Date.parse(at) >= endedAt);
    return `${stage} ${found ? Date.parse(found.at) - endedAt : '?'}`;
  });
  return [...times, `arrives ${sound - endedAt}`].join(', ');
}

/** What somebody said, as the model was asked last. */
function askedBy(name: string): string {
  const texts = standIn.requests
    .map(({ body }) => body.messages.at(-1).content.at(-1).text as string)
    .filter((text) => text.startsWith(`${name}: `));
  return texts.join(' ');
}

const wordsOf = (text: string) => text.toLowerCase().match(/[a-z']+/g) ?? [];
/** A busy machine loses sound on its way: enough words say which sentence it was. */
const LEAST_RECOGNIZED = 2 / 3;
/** The share of the words of a text that were recognized. */
const recognizedOf = (text: string, recognized: string): number => {
  const [words, known] = [wordsOf(text), new Set(wordsOf(recognized))];
  return words.filter((word) => known.has(word)).length / words.length;
};

/** The picture with the last question that the model was asked; undefined when it came without one. */
const findPicture = (): JsonBody =>
  standIn.requests
    .at(-1)!
    .body.messages.at(-1)
    .content.find(({ type }: JsonBody) => type === 'image')?.source;

/** What Ben shares: half red, half blue, as the coding of videos leaves it, which is also smaller where there is little time. */
function expectScreen(source: JsonBody): void {
  expect(source).toMatchObject({ media_type: 'image/png' });
  const png = readPng(Buffer.from(source.data as string, 'base64'));
  expect(png.width / png.height).toBeCloseTo(854 / 478, 1);
  for (const part of [0.1, 0.5, 0.9]) {
    const colourIn = (share: number) =>
      colourAt(png, Math.floor(png.width * share), Math.floor(png.height * part));
    expect(colourIn(0.2)).toBeNear([255, 0, 0], 32);
    expect(colourIn(0.8)).toBeNear([0, 0, 255], 32);
  }
}

const report = (what: string, ms: number) =>
  console.log(`${what}: ${ms} ms (load ${loadavg()[0]!.toFixed(1)})`);

/** One participant with a connection of each process, and the use of both: every answer once. */
async function expectTrueLedger({ id, callId }: JsonBody): Promise<void> {
  const findAgent = async () =>
    (await host.callApi(`/calls/${callId}/participants`)).data.filter(
      ({ identity }: JsonBody) => identity === id,
    );
  await expect.poll(findAgent, PATIENTLY).toMatchObject([{ kind: 'agent', status: 'left' }]);
  const [{ connections, connectedSeconds }] = await findAgent();
  expect(connections).toHaveLength(2);
  const ms = connections.map(
    ({ joinedAt, leftAt }: JsonBody) => Date.parse(leftAt as string) - Date.parse(joinedAt as string),
  );
  expect(connectedSeconds * 1_000).toBeCloseTo(ms[0] + ms[1], -3);
  const usedFor = (feature: string) =>
    host.callApi(`/ai/usage?callId=${callId}&feature=${feature}`).then(({ total }) => total);
  const findUses = async () => (await usedFor('agents')).uses as number;
  await expect.poll(findUses, PATIENTLY).toBeGreaterThanOrEqual(ANSWERED);
  // A sentence with a long pause is asked about twice.
  expect(await findUses()).toBeLessThanOrEqual(standIn.requests.length);
  const tokens = quantityOf(await usedFor('agents'), 'ai_input_tokens');
  expect(tokens).toBeGreaterThanOrEqual(ANSWERED * usage.input_tokens);
  // The process that was killed had reported every 15 s; the one after it reported all of its own as it left.
  const spoken = quantityOf(await usedFor('speech'), 'spoken_characters');
  expect(spoken).toBeGreaterThan(GREETING.length + 'Yes.'.length);
}

const quantityOf = (total: JsonBody, name: string): number =>
  total.quantities.find(({ meter }: JsonBody) => meter === name).quantity as number;

/** Three turns, two in the chat, one that is interrupted and what interrupts it, and one after the process was killed. */
const ANSWERED = 8;
const GREETING = 'Hello, I am Help, an A.I. agent. I listen to this call, see shared screens, and answer.';
const NAME = 'Help (AI agent, sees shared screens)';

it('an agent joins a call of two people, sees a shared screen, answers both by voice, lets them interrupt it, survives its process, and leaves when it is removed', async () => {
  const agent = await host.callApi('/ai/agents', 'POST', {
    name: 'Help',
    definition: { instructions: 'You answer briefly.', model: MODEL, seesScreens: true },
  });
  const invitedAt = Date.now();
  let invited: JsonBody;
  await expect
    .poll(
      async () =>
        (invited = await host
          .callApi(`/rooms/${room}/agents`, 'POST', { agentId: agent.id })
          .catch((error: Error) => ({ error: error.message }))),
      { timeout: WITHIN_MS },
    )
    .toMatchObject({ name: NAME });
  const joined = await ada.next('joined', invitedAt);
  expect(joined).toMatchObject({ identity: invited.id });
  report('joined after', joined.at - Date.parse(invited.createdAt));
  const { data } = await host.callApi(`/rooms/${room}/participants`);
  expect(data).toContainEqual(
    expect.objectContaining({ identity: invited.id, name: NAME, role: 'agent', kind: 'agent' }),
  );
  await ada.next('quiet', (await ada.next('sound', joined.at)).at);

  const socket = await openRoomSocket((await host.requestAdmission(room)).realtime);
  let questions = 0;
  const askInChat = async (answer: string): Promise<JsonBody> => {
    const text = `${answer} ${(questions += 1)}.`;
    standIn.answer = { pieces: [text], usage };
    socket.send({ type: 'chat.send', id: `question-${questions}`, text: '@help what is it that you see?' });
    const written = await socket.waitForFrame('chat.message', (frame) => frame.text === text);
    expect(written).toMatchObject({ name: NAME, identity: invited.id });
    return findPicture();
  };
  ben.command('share');
  let picture: JsonBody;
  await expect.poll(async () => (picture = await askInChat('A screen')), PATIENTLY).toBeDefined();
  expectScreen(picture);

  const reply = 'The blue folder is on the table.';
  standIn.answer = { pieces: reply.split(/(?= )/), usage };
  const delays: number[] = [];
  const turns = [
    { person: ada, name: 'ada', number: 4 },
    { person: ben, name: 'ben', number: 3 },
    { person: ada, name: 'ada', number: 1 },
  ];
  for (const { person, name, number } of turns) {
    const endedAt = await say(person, number);
    const sound = await ada.next('sound', endedAt);
    delays.push(sound.at - endedAt);
    console.log(`turn: ${stagesAfter(endedAt, sound.at)}`);
    await vi.waitFor(
      () =>
        expect(recognizedOf(sentences[number]!.text, askedBy(name))).toBeGreaterThanOrEqual(LEAST_RECOGNIZED),
      PATIENTLY,
    );
    await ada.next('quiet', sound.at);
    expect(recognizedOf(reply, await recognizeReceived())).toBeGreaterThanOrEqual(LEAST_RECOGNIZED);
  }
  expectScreen(findPicture());
  report('end of speech to first audio, median', delays.toSorted((x, y) => x - y)[1]!);

  ben.command('unshare');
  await expect.poll(() => askInChat('No screen'), PATIENTLY).toBeUndefined();

  const numbers = [
    'one',
    'two',
    'three',
    'four',
    'five',
    'six',
    'seven',
    'eight',
    'nine',
    'ten',
    'eleven',
    'twelve',
  ];
  standIn.answer = {
    pieces: numbers.map((number) => ` This is sentence number ${number} of a long answer.`),
    usage,
  };
  const long = await ada.next('sound', await say(ada, 1));
  standIn.answer = { pieces: ['Yes.'], usage };
  const interruptedAt = Date.now();
  void say(ben, 2);
  const speaking = await ben.next('sounding', interruptedAt);
  const quiet = await ada.next('quiet', long.at);
  report('interrupted after', quiet.endedAt! - speaking.beganAt!);
  expect(await recognizeReceived()).not.toMatch(/eleven|twelve|11|12/);

  await ada.next('quiet', (await ada.next('sound', quiet.at)).at); // it answers what interrupted it
  const killedAt = Date.now();
  process.kill(await findAgentsProcess(), 'SIGKILL');
  const back = await ada.next('joined', killedAt);
  report('replaced after', back.at - killedAt);
  expect(back.at - killedAt).toBeLessThan(10_000);
  await ada.next('quiet', (await ada.next('sound', back.at)).at);
  const last = await ada.next('sound', await say(ben, 4));
  expect(recognizedOf(sentences[4]!.text, askedBy('ben'))).toBeGreaterThanOrEqual(LEAST_RECOGNIZED);
  const remembered = JSON.stringify(standIn.requests.at(-1)!.body.messages);
  expect(remembered).toContain(reply);
  expect(remembered).toMatch(/ada: .+ben: /);
  await ada.next('quiet', last.at);

  const removedAt = Date.now();
  await host.callApi(`/rooms/${room}/agents/${invited.id}`, 'DELETE');
  const left = await ada.next('left', removedAt);
  report('left after', left.at - removedAt);
  expect((await host.callApi(`/rooms/${room}/agents`)).data).toEqual([]);
  await expectTrueLedger(invited);
}, 900_000);
