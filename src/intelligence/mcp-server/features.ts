import type {
  CallToolResult,
  GetPromptResult,
  InputRequiredResult,
  ListToolsResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  Server,
  ServerCapabilities,
  ServerContext,
} from '@modelcontextprotocol/server';
import type { Services } from '../../kernel/context/index.ts';

export type ToolDefinition = ListToolsResult['tools'][number];
export type ToolArguments = Readonly<Record<string, unknown>>;

/** The position after which a page of a list begins; undefined for its beginning, and at its end. */
export interface FeaturePage<T> {
  items: T[];
  nextCursor?: string | undefined;
}

/**
 * The features that an MCP server offers to one caller. Several sources are combined: the first that knows a name
 * answers, the others answer undefined.
 */
export interface McpFeatures {
  tools?(): ToolDefinition[];
  callTool?(
    name: string,
    args: ToolArguments,
    context: ServerContext,
  ): Promise<CallToolResult | InputRequiredResult | undefined>;
  resources?(cursor: string | undefined): Promise<FeaturePage<Resource>>;
  resourceTemplates?(): ResourceTemplateType[];
  readResource?(uri: string): Promise<ReadResourceResult | undefined>;
  prompts?(): Prompt[];
  getPrompt?(
    name: string,
    args: Readonly<Record<string, string>>,
    context: ServerContext,
  ): Promise<GetPromptResult | InputRequiredResult | undefined>;
  /** Its capabilities beside tools, resources and prompts. */
  capabilities?: ServerCapabilities;
  /** Verifies a state that a client brings back, and returns its content. */
  verifyState?(state: string, context: ServerContext): Promise<unknown>;
  /** Adds handlers for its other capabilities. */
  extend?(server: Server): void;
}

/** Features that a module adds to the server; undefined when they are not configured. */
export type FeatureSource = (services: Services) => Promise<McpFeatures | undefined>;

declare module '../../kernel/modules/define-module.ts' {
  interface ModuleManifest {
    mcpFeatures?: readonly FeatureSource[];
  }
}
