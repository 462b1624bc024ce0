import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, AppError, permits } from '../../kernel/core/index.ts';
import type { Dispatch } from '../../platform/http/index.ts';
import { callTool, inputOf, mayCall, type Tool } from '../../platform/tools/index.ts';
import { type CallableTool, listCallableTools } from '../mcp-connections/index.ts';
import { callConnectionTool } from '../mcp-tool-calls/index.ts';
import {
  boundedResult,
  type DataOrigin,
  nameForModel,
  needsConfirmation,
  needsConfirmationAt,
  schemaForModel,
} from './agent-tools.rules.ts';
import type { AgentTool } from './agent-tools.schemas.ts';

/** The request of the person who asks, with its credential, as which tools of the product are called. */
export interface ToolCaller {
  tools: readonly Tool[];
  request: Request;
  dispatch: Dispatch;
}

export interface ToolOutcome {
  failed: boolean;
  text: string;
}

/** A tool that the model may ask for, and how it is called. */
export interface OfferedTool {
  setting: AgentTool;
  /** @param given the origins of what the model was given */
  needsConfirmation(given: readonly DataOrigin[]): boolean;
  /** As the model sees it. */
  forModel: { name: string; description: string; inputSchema: Record<string, unknown> };
  /** @param key the step, whose call is made once however often it is requested */
  call(args: Readonly<Record<string, unknown>>, key: string): Promise<ToolOutcome>;
}

const MAX_DESCRIPTION = 2_000;

function offerProductTool(
  ctx: Ctx,
  setting: AgentTool,
  name: string,
  { tools, request, dispatch }: ToolCaller,
): OfferedTool | undefined {
  const tool = tools.find((each) => each.name === setting.name);
  if (!tool || !mayCall(ctx.actor, tool)) return undefined;
  const { schema, positions } = inputOf(tool);
  return {
    setting,
    needsConfirmation: () => needsConfirmation(setting, tool.risk),
    forModel: {
      name,
      description: tool.description.slice(0, MAX_DESCRIPTION),
      inputSchema: schemaForModel(schema),
    },
    async call(args, key) {
      const filledIn = {
        ...(tool.risk === 'destructive' ? { confirm: true } : {}),
        ...(positions.has('idempotencyKey') ? { idempotencyKey: key } : {}),
      };
      const { failed, text } = await callTool(ctx, {
        tool,
        args: { ...args, ...filledIn },
        request,
        dispatch,
      });
      return { failed, text: boundedResult(text) };
    },
  };
}

const textOf = (content: readonly Record<string, unknown>[]): string =>
  content
    .map((part) => (typeof part.text === 'string' ? part.text : `(${String(part.type)}: not shown)`))
    .join('\n');

function offerConnectionTool(
  ctx: Ctx,
  setting: AgentTool,
  name: string,
  callable: readonly CallableTool[],
  isAuthor: boolean,
): OfferedTool | undefined {
  const tool = callable.find(
    (each) => each.name === setting.name && each.connectionId === setting.connectionId,
  );
  if (!tool) return undefined;
  return {
    setting,
    needsConfirmation: (given) => needsConfirmationAt(setting, tool, isAuthor, given),
    forModel: {
      name,
      description: (tool.description || tool.name).slice(0, MAX_DESCRIPTION),
      inputSchema: tool.inputSchema,
    },
    async call(args) {
      try {
        const result = await callConnectionTool(ctx, setting.connectionId!, tool.name, args);
        return { failed: result.isError, text: boundedResult(textOf(result.content)) };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { failed: true, text: error.definition.title };
      }
    },
  };
}

/** Tools of a version that the caller may call now, in their order. */
export async function offerTools(
  ctx: Ctx,
  { author, definition }: { author: string; definition: { tools?: readonly AgentTool[] } },
  caller: ToolCaller,
): Promise<OfferedTool[]> {
  const settings = definition.tools ?? [];
  const mayRead = 'permissions' in ctx.actor && permits(ctx.actor.permissions, 'ai:read');
  const atServers = settings.filter(({ connectionId }) => connectionId !== null);
  const callable = mayRead && atServers.length > 0 ? await listCallableTools(ctx, atServers) : [];
  const isAuthor = author === actorId(ctx.actor);
  return settings.flatMap((setting, place) => {
    const name = nameForModel(setting, place);
    return setting.connectionId === null
      ? (offerProductTool(ctx, setting, name, caller) ?? [])
      : (offerConnectionTool(ctx, setting, name, callable, isAuthor) ?? []);
  });
}
