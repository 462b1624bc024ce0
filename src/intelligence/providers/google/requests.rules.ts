import {
  type ChatMessage,
  type ChatPart,
  type ChatRequest,
  type ModelTraits,
  proofOf,
  ProviderFailure,
} from '../index.ts';

export const GOOGLE = 'google';

/** Replaces the proof in tool calls of another provider's model; without one, the API refuses them. */
const WITHOUT_PROOF = 'skip_thought_signature_validator';

/** A part in the form of the API. */
type Part = Record<string, unknown>;

/** The names of the called tools, by the ids of the calls. */
type CalledTools = Map<string, string>;

function resultOf(part: Extract<ChatPart, { type: 'tool_result' }>, called: CalledTools): Part {
  const name = called.get(part.toolCallId);
  if (name === undefined)
    throw new ProviderFailure(GOOGLE, 'request_refused', {
      detail: `there is no tool call ${part.toolCallId} before its result`,
    });
  const response = part.isError ? { error: part.text } : { result: part.text };
  return { functionResponse: { id: part.toolCallId, name, response } };
}

function partOf(part: Exclude<ChatPart, { type: 'thinking' }>, called: CalledTools): Part {
  switch (part.type) {
    case 'text':
      return { text: part.text };
    case 'image':
      return { inlineData: { mimeType: part.mediaType, data: part.data } };
    case 'tool_call':
      called.set(part.id, part.name);
      return { functionCall: { id: part.id, name: part.name, args: part.input } };
    case 'tool_result':
      return resultOf(part, called);
  }
}

const proofAlone = (proof: string): Part => ({ text: '', thoughtSignature: proof });

/**
 * The parts of a message. A proof is for the part after it, in the order of `createAnswerReader`, or stands alone;
 * reasoning itself is not sent back.
 */
function partsOf({ role, content }: ChatMessage, called: CalledTools): Part[] {
  const parts: Part[] = [];
  let proof: string | undefined;
  let hasCall = false;
  for (const part of content) {
    if (part.type === 'thinking') {
      const next = proofOf(GOOGLE, part.signature);
      if (next !== undefined && proof !== undefined) parts.push(proofAlone(proof));
      proof = next ?? proof;
      continue;
    }
    // Of simultaneous calls, only the first has a proof.
    if (role === 'assistant' && part.type === 'tool_call' && !hasCall) proof ??= WITHOUT_PROOF;
    hasCall ||= part.type === 'tool_call';
    parts.push({ ...partOf(part, called), ...(proof === undefined ? {} : { thoughtSignature: proof }) });
    proof = undefined;
  }
  return proof === undefined ? parts : [...parts, proofAlone(proof)];
}

function contentsOf(messages: readonly ChatMessage[]): object[] {
  const called: CalledTools = new Map();
  return messages.flatMap((message) => {
    const parts = partsOf(message, called);
    return parts.length === 0 ? [] : [{ role: message.role === 'user' ? 'user' : 'model', parts }];
  });
}

const MODES = { auto: 'AUTO', required: 'ANY', none: 'NONE' } as const;

function toolsOf({ tools = [], toolChoice }: ChatRequest): object {
  if (tools.length === 0) return {};
  const functionDeclarations = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    parametersJsonSchema: { ...inputSchema, type: 'object' },
  }));
  const choice =
    typeof toolChoice === 'object'
      ? { mode: 'ANY', allowedFunctionNames: [toolChoice.name] }
      : toolChoice && { mode: MODES[toolChoice] };
  return {
    tools: [{ functionDeclarations }],
    ...(choice ? { toolConfig: { functionCallingConfig: choice } } : {}),
  };
}

/** The share of the output for reasoning, for models that take a number of tokens. */
const REASONING_SHARE = { none: 0, low: 0.25, medium: 0.5, high: 0.75 } as const;

function reasoningOf(
  { reasoning, maxOutputTokens }: ChatRequest,
  { adaptiveReasoning }: ModelTraits,
): object | undefined {
  if (reasoning === undefined) return undefined;
  const includeThoughts = reasoning !== 'none';
  // A model that decides by itself always reasons; the least level that all of them accept is `low`.
  if (adaptiveReasoning) return { includeThoughts, thinkingLevel: reasoning === 'none' ? 'low' : reasoning };
  return { includeThoughts, thinkingBudget: Math.floor(maxOutputTokens * REASONING_SHARE[reasoning]) };
}

/** A request in the form of `generateContent`. */
export function generateBody(request: ChatRequest, traits: ModelTraits): object {
  const { system, messages, maxOutputTokens, outputSchema, temperature, stopSequences = [] } = request;
  const thinkingConfig = reasoningOf(request, traits);
  return {
    ...(system ? { systemInstruction: { parts: [{ text: system.text }] } } : {}),
    contents: contentsOf(messages),
    ...toolsOf(request),
    generationConfig: {
      maxOutputTokens,
      ...(thinkingConfig ? { thinkingConfig } : {}),
      ...(outputSchema ? { responseMimeType: 'application/json', responseJsonSchema: outputSchema } : {}),
      ...(temperature === undefined ? {} : { temperature }),
      ...(stopSequences.length > 0 ? { stopSequences } : {}),
    },
  };
}
