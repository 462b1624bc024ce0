import { byId } from './dom.ts';

/** Shows the level of a microphone. @returns stops it */
export function showLevel(stream: MediaStream): () => void {
  const meter = byId('level', HTMLMeterElement);
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  // As long as a frame at 24 frames per second, so that a slow machine misses no peak.
  analyser.fftSize = 2_048;
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  let frame = 0;
  const draw = () => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    // Logarithmic as hearing is: 0 is 60 dB below full scale, 1 is full scale.
    meter.value = Math.min(1, Math.max(0, 1 + (10 * Math.log10(power + 1e-12)) / 60));
    frame = requestAnimationFrame(draw);
  };
  draw();
  return () => {
    cancelAnimationFrame(frame);
    meter.value = 0;
    void context.close();
  };
}
