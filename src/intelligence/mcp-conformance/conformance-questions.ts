import {
  acceptedContent,
  type CallToolResult,
  inputRequired,
  type InputRequests,
  type InputRequiredResult,
  inputResponse,
  type RequestStateCodec,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from '@hono/zod-openapi';
import { capabilitiesOf, textResult } from './samples.ts';

type Answer = CallToolResult | InputRequiredResult;
export type QuestionTool = (
  args: Readonly<Record<string, unknown>>,
  context: ServerContext,
) => Answer | Promise<Answer>;

const NAME = z.object({ name: z.string() });

const ask = (message: string, name: string, type: 'string' | 'boolean' = 'string') =>
  inputRequired.elicit({
    message,
    requestedSchema: {
      type: 'object',
      properties: { [name]: type === 'string' ? { type: 'string' } : { type: 'boolean' } },
      required: [name],
    },
  });

const sample = (content: string, maxTokens: number) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: content } }],
    maxTokens,
  });

const roots = () => inputRequired.listRoots();

const answered = (context: ServerContext, key: string) =>
  inputResponse(context.mcpReq.inputResponses, key).kind !== 'missing';

/** Asks until every question has an answer, then reports the answers. */
function askFor(questions: () => InputRequests, say: (context: ServerContext) => string): QuestionTool {
  return (_args, context) => {
    const inputRequests = questions();
    return Object.keys(inputRequests).every((key) => answered(context, key))
      ? textResult(say(context))
      : inputRequired({ inputRequests });
  };
}

const sampledText = (context: ServerContext, key: string): string => {
  const response = inputResponse(context.mcpReq.inputResponses, key);
  return response.kind === 'sampling' ? JSON.stringify(response.result.content) : '';
};

const listedRoots = (context: ServerContext): string => {
  const response = inputResponse(context.mcpReq.inputResponses, 'client_roots');
  return response.kind === 'roots' ? response.roots.map(({ uri }) => uri).join(', ') : '';
};

/** The first round asks and sends a state; the second accepts the answers only with that state. */
function askWithState(
  codec: RequestStateCodec,
  questions: () => InputRequests,
  say: () => string,
): QuestionTool {
  return async (_args, context) => {
    const inputRequests = questions();
    const state = context.mcpReq.requestState<{ asked: true }>();
    if (state && Object.keys(inputRequests).every((key) => answered(context, key))) return textResult(say());
    return inputRequired({ inputRequests, requestState: await codec.mint({ asked: true }) });
  };
}

const rounds =
  (codec: RequestStateCodec): QuestionTool =>
  async (_args, context) => {
    const { round = 1 } = context.mcpReq.requestState<{ round: number }>() ?? {};
    if (round === 2 && answered(context, 'step2')) return textResult('Both steps are done.');
    const isSecond = round === 2 || answered(context, 'step1');
    const inputRequests: InputRequests = isSecond
      ? { step2: ask('Step 2: What is your favorite color?', 'color') }
      : { step1: ask('Step 1: What is your name?', 'name') };
    return inputRequired({ inputRequests, requestState: await codec.mint({ round: isSecond ? 2 : 1 }) });
  };

/** Asks only for what the client says it can answer. */
const askAsCapable: QuestionTool = (_args, context) => {
  const { sampling, elicitation } = capabilitiesOf(context);
  const inputRequests: InputRequests = {
    ...(elicitation ? { user_name: ask('What is your name?', 'name') } : {}),
    ...(sampling ? { capital_question: sample('What is the capital of France?', 100) } : {}),
  };
  const keys = Object.keys(inputRequests);
  if (keys.length === 0) return textResult('The client can be asked nothing.');
  return keys.every((key) => answered(context, key))
    ? textResult('All that could be asked was answered.')
    : inputRequired({ inputRequests });
};

const askName = () => ({ user_name: ask('What is your name?', 'name') });

/** A question with a name as its answer; an answer of another form is asked for again. */
const greet: QuestionTool = (_args, context) => {
  const content = acceptedContent(context.mcpReq.inputResponses, 'user_name', NAME);
  return content ? textResult(`Hello, ${content.name}!`) : inputRequired({ inputRequests: askName() });
};

/** Tools that first need an answer of the client. */
export const createQuestionTools = (codec: RequestStateCodec): Readonly<Record<string, QuestionTool>> => ({
  test_input_required_result_elicitation: greet,
  test_streaming_elicitation: greet,
  test_input_required_result_capabilities: askAsCapable,
  test_input_required_result_sampling: askFor(
    () => ({ capital_question: sample('What is the capital of France?', 100) }),
    (context) => sampledText(context, 'capital_question'),
  ),
  test_input_required_result_list_roots: askFor(() => ({ client_roots: roots() }), listedRoots),
  test_input_required_result_request_state: askWithState(
    codec,
    () => ({ confirm: ask('Please confirm', 'ok', 'boolean') }),
    () => 'state-ok',
  ),
  test_input_required_result_tampered_state: askWithState(
    codec,
    () => ({ confirm: ask('Please confirm', 'ok', 'boolean') }),
    () => 'state-ok',
  ),
  test_input_required_result_multiple_inputs: askWithState(
    codec,
    () => ({ ...askName(), greeting: sample('Generate a greeting', 50), client_roots: roots() }),
    () => 'Everything was answered.',
  ),
  test_input_required_result_multi_round: rounds(codec),
});

/** The answer to the first question of the suite's prompt; undefined until it is there. */
export const promptContext = (context: ServerContext): string | undefined =>
  acceptedContent(context.mcpReq.inputResponses, 'user_context', z.object({ context: z.string() }))?.context;

export const askForPromptContext = (): InputRequiredResult =>
  inputRequired({
    inputRequests: { user_context: ask('What context should the prompt use?', 'context') },
  });
