export { callTool, type ToolCall, type ToolResult } from './call-tool.ts';
export { mayCall } from './permit-tool.ts';
export { inputOf } from './tool-input.ts';
export { foldTools, type Tool, type ToolDeclaration, type ToolRisk } from './tools.ts';
