export { callConnectionTool } from './call-connection-tool.ts';
