import { type Prompt, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { McpFeatures } from './features.ts';

interface PromptTemplate extends Prompt {
  /** Each `{argument}` is replaced by its value. */
  text: string;
}

const TEMPLATES: readonly PromptTemplate[] = [
  {
    name: 'prepare_meeting',
    title: 'Prepare a meeting',
    description: 'Gathers what is known for the next meeting in a room.',
    arguments: [{ name: 'roomId', description: 'The room of the meeting.', required: true }],
    text:
      'Prepare the next meeting in the room {roomId}. Read the room with `get_room`, its latest calls with `list_calls`, its chat with ' +
      '`list_messages`, and recall what is remembered about its subject with `recall_memories`. Give me: what was decided last time, what is ' +
      'open and with whom, and a proposed agenda. Name where each statement comes from, and say so where you found nothing.',
  },
  {
    name: 'summarize_call',
    title: 'Summarize a call',
    description: 'Summarizes a call from its transcript: decisions, tasks, open questions.',
    arguments: [{ name: 'callId', description: 'The call.', required: true }],
    text:
      'Summarize the call {callId}. Read it with `get_call` and its participants with `list_call_participants`; find its recordings with ' +
      '`list_recordings`, their transcripts with `list_transcriptions`, and read the transcript with `export_transcript`. Give me a short summary, ' +
      'the decisions, the tasks with owner and date, and the open questions, each with the time at which it was said. Use only what the ' +
      'transcript says. If there is no transcript, say so, and stop.',
  },
];

/** @throws ProtocolError when an argument that the prompt requires is missing */
function requireArguments({ arguments: known = [] }: Prompt, args: Readonly<Record<string, string>>): void {
  for (const { name, required } of known)
    if (required && !args[name]?.trim())
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `The argument ${name} is missing.`);
}

/** Prompts that are the same for everybody: the tools that they name read the data with the rights of the caller. */
export const promptFeatures: McpFeatures = {
  prompts: () => TEMPLATES.map(({ text: _text, ...prompt }) => prompt),
  async getPrompt(name, args) {
    const template = TEMPLATES.find((each) => each.name === name);
    if (!template) return undefined;
    requireArguments(template, args);
    const text = template.text.replaceAll(/\{(\w+)\}/g, (_all, argument: string) => args[argument] ?? '');
    return {
      description: template.description!,
      messages: [{ role: 'user', content: { type: 'text', text } }],
    };
  },
};
