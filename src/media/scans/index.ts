export { type RunningHash, type Scanner, ScanTooLong } from './scans.ports.ts';
export { createSignatureScanner } from './signature-scanner.ts';
