import type { ReusableAnswer } from '../answer-cache/index.ts';
import { type GenerationEvent, NO_USAGE } from '../generations/index.ts';
import type { ChatEvent, ChatPart, ChatRequest } from '../providers/index.ts';

const encoder = new TextEncoder();
const byteLength = (text: string) => encoder.encode(text).length;

interface OpenCall {
  id: string;
  name: string;
  json: string;
}

/** The input of a tool call; none if it was cut off in the middle. */
function inputOf({ json }: OpenCall): unknown {
  if (json === '') return {};
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function callOf(call: OpenCall): ChatPart[] {
  const input = inputOf(call);
  return input === undefined ? [] : [{ type: 'tool_call', id: call.id, name: call.name, input }];
}

/**
 * The number of bytes that a model has produced. It is at least the number of tokens, because a token has one byte or
 * more.
 */
export const outputBytes = (events: readonly GenerationEvent[]): number =>
  events.reduce((sum, event) => {
    if (event.type === 'text' || event.type === 'thinking') return sum + byteLength(event.text);
    if (event.type === 'tool_input') return sum + byteLength(event.json);
    return event.type === 'tool_call' ? sum + byteLength(event.name) : sum;
  }, 0);

/** More bytes than a token has on average in any language, so this many bytes are at least one token. */
const MOST_BYTES_OF_TOKEN = 8;

/** The least number of tokens of the input, from the length of its texts. */
export function leastInputTokens({ system, messages }: Pick<ChatRequest, 'system' | 'messages'>): number {
  const texts = messages.flatMap(({ content }) =>
    content.map((part) => (part.type === 'text' || part.type === 'tool_result' ? part.text : '')),
  );
  return Math.floor(byteLength([system?.text ?? '', ...texts].join('')) / MOST_BYTES_OF_TOKEN);
}

/** The least number of tokens produced: each output event has one or more. */
export const leastOutputTokens = (events: readonly GenerationEvent[]): number =>
  Math.max(
    events.filter((event) => outputBytes([event]) > 0).length,
    Math.floor(outputBytes(events) / MOST_BYTES_OF_TOKEN),
  );

/**
 * Most characters of an event: a line of a provider may have a million, but a row of the storage only two megabytes.
 */
const MAX_EVENT = 200_000;

const isSmall = (text: string) => text !== '' && text.length <= MAX_EVENT;

/** The text in pieces of limited length; no character is cut in two. */
function* piecesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + MAX_EVENT, text.length);
    if (end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1]!)) end--;
    yield text.slice(start, end);
    start = end;
  }
}

function eventsOfPart(part: ChatPart): ChatEvent[] {
  if (part.type === 'text') return [part];
  if (part.type === 'thinking')
    return [
      { type: 'thinking', text: part.text },
      { type: 'thinking_signature', signature: part.signature },
    ];
  if (part.type !== 'tool_call') return [];
  const { id, name, input } = part;
  return [
    { type: 'tool_call', id, name },
    { type: 'tool_input', json: JSON.stringify(input) },
  ];
}

/** A kept answer as events, as if its model gave it. It uses no tokens. */
export const eventsOf = ({ output, stopReason }: ReusableAnswer): ChatEvent[] => [
  { type: 'started', requestId: null, usage: NO_USAGE },
  ...output.flatMap(eventsOfPart),
  { type: 'ended', reason: stopReason, usage: NO_USAGE },
];

type OutputEvent = Exclude<ChatEvent, { type: 'started' | 'ended' }>;

/** An event, split into several small ones if needed. */
export function splitEvent(event: OutputEvent): OutputEvent[] {
  if (event.type === 'text' || event.type === 'thinking')
    return isSmall(event.text) ? [event] : Array.from(piecesOf(event.text), (text) => ({ ...event, text }));
  return event.type === 'tool_input' && !isSmall(event.json)
    ? Array.from(piecesOf(event.json), (json) => ({ ...event, json }))
    : [event];
}

/** The answer that events add up to: neighbouring texts become one part, and so does reasoning with its signature. */
export function outputOf(events: readonly GenerationEvent[]): ChatPart[] {
  const output: ChatPart[] = [];
  let call: OpenCall | undefined;
  const endCall = () => {
    if (call) output.push(...callOf(call));
    call = undefined;
  };
  for (const event of events) {
    const last = output.at(-1);
    if (event.type === 'tool_input') {
      if (call) call.json += event.json;
      continue;
    }
    endCall();
    if (event.type === 'text') {
      if (last?.type === 'text') last.text += event.text;
      else output.push({ type: 'text', text: event.text });
    } else if (event.type === 'thinking') {
      if (last?.type === 'thinking' && last.signature === '') last.text += event.text;
      else output.push({ type: 'thinking', text: event.text, signature: '' });
    } else if (event.type === 'thinking_signature') {
      if (last?.type === 'thinking') last.signature += event.signature;
      else output.push({ type: 'thinking', text: '', signature: event.signature });
    } else if (event.type === 'tool_call') {
      call = { id: event.id, name: event.name, json: '' };
    }
  }
  endCall();
  return output;
}
