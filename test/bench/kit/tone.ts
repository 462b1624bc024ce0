const HEADER = 44;

/** A WAV file with a tone, which is loud from its first sample on. */
export function encodeTone(rate: number, seconds: number): Buffer {
  const samples = rate * seconds;
  const file = Buffer.alloc(HEADER + samples * 2);
  file.write('RIFF');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples * 2, 40);
  for (let at = 0; at < samples; at++)
    file.writeInt16LE(Math.round(8_000 * Math.cos((at * 440 * 2 * Math.PI) / rate)), HEADER + at * 2);
  return file;
}
