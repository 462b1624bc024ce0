export type { McpFeatures, ToolDefinition } from './features.ts';
