export type { Scanner } from './scans.ports.ts';
export { createScanner, createSignatureScanner } from './signature-scanner.ts';
