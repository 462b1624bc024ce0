import type { ChatPart } from '../providers/index.ts';
import type { GenerationEvent } from '../generations/index.ts';

const encoder = new TextEncoder();
const byteLength = (text: string) => encoder.encode(text).length;

interface OpenCall {
  id: string;
  name: string;
  json: string;
}

/** The input of a tool call; one that was cut in the middle has none. */
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

/** How many bytes a model has produced: no fewer than tokens, because a token has at least one. */
export const outputBytes = (events: readonly GenerationEvent[]): number =>
  events.reduce((sum, event) => {
    if (event.type === 'text' || event.type === 'thinking') return sum + byteLength(event.text);
    if (event.type === 'tool_input') return sum + byteLength(event.json);
    return event.type === 'tool_call' ? sum + byteLength(event.name) : sum;
  }, 0);

/** The answer that events add up to: neighbouring texts are one part, and so is reasoning with its signature. */
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
