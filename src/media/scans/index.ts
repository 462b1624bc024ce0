export type { Scanner } from './scans.ports.ts';
export { createSignatureScanner } from './signature-scanner.ts';
