export type { RunningHash, Scanner } from './scans.ports.ts';
export { createSignatureScanner } from './signature-scanner.ts';
