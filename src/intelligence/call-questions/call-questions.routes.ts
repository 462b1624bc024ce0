import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { roomErrors } from '../../rooms/rooms/index.ts';
import { errorsOfStart } from '../generations/index.ts';
import { askQuestion, getQuestion, listQuestions } from './ask-question.ts';
import { questionErrors } from './call-questions.errors.ts';
import { presentQuestion } from './call-questions.present.ts';
import {
  askQuestionSchema,
  callParamsSchema,
  questionExample,
  questionPageSchema,
  questionParamsSchema,
  questionSchema,
} from './call-questions.schemas.ts';

const tag = 'Calls';
const listPath = '/api/v1/calls/{callId}/questions';
const path = `${listPath}/{questionId}`;
const readAccess = { kind: 'permission', permission: 'ai:read' } as const;
const errorsOfCall = [questionErrors.callNotFound, questionErrors.notThere, roomErrors.notFound];
const asker = 'Only the person who asked can see it.';
const roundTrips = (max: number) => ({ max, reason: 'the call says which room must be open to the caller' });

export const questionRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'askCallQuestion',
    tag,
    summary: 'Ask about a call',
    description:
      'Asks a model about a call that runs or is over, from the text of its live captions and its ' +
      'chat. Moderators of the room can ask about the whole call, other members about the time since ' +
      'they joined it. The answer comes in the background, as statements with quotes that occur in ' +
      'the call word for word. Without a quote, the answer says that nothing was found. While the ' +
      `model answers, its text comes as the events of \`generationId\`. ${asker} It counts as a ` +
      'generation of the caller.',
    access: { kind: 'permission', permission: 'ai:write' },
    limit: 'ai',
    params: callParamsSchema,
    body: {
      schema: askQuestionSchema,
      example: { question: questionExample.question, model: 'claude-haiku-4-5' },
    },
    idempotent: true,
    success: {
      202: {
        description: 'The question, which is not answered yet',
        schema: questionSchema,
        example: { ...questionExample, state: 'running', statements: [], endedAt: null },
      },
    },
    errors: [
      ...errorsOfCall,
      questionErrors.nothingSaid,
      questionErrors.chatOff,
      questionErrors.tooMany,
      entitlementErrors.featureNotIncluded,
      ...errorsOfStart,
    ],
    roundTrips: roundTrips(6),
    handle: (ctx, { params, body }) => askQuestion(ctx, params.callId, body),
    respond: (row) => ({
      status: 202,
      body: presentQuestion(row),
      headers: { Location: `/api/v1/calls/${row.callId}/questions/${row.id}` },
    }),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listCallQuestions',
    tag,
    summary: 'List call questions',
    description: 'Lists the questions that the caller has asked about a call, the newest first.',
    access: readAccess,
    limit: 'api',
    params: callParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of questions',
        schema: questionPageSchema,
        example: { data: [questionExample], nextCursor: null },
      },
    },
    errors: errorsOfCall,
    roundTrips: roundTrips(3),
    handle: (ctx, { params, query }) => listQuestions(ctx, params.callId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentQuestion), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getCallQuestion',
    tag,
    summary: 'Get a call question',
    description: `Returns a question with its answer once there is one. ${asker}`,
    access: readAccess,
    limit: 'api',
    params: questionParamsSchema,
    success: { 200: { description: 'The question', schema: questionSchema, example: questionExample } },
    errors: [...errorsOfCall, questionErrors.notFound],
    roundTrips: roundTrips(3),
    handle: (ctx, { params }) => getQuestion(ctx, params),
    respond: (row) => ok(presentQuestion(row)),
  }),
];
