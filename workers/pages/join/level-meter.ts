import { byId } from './dom.ts';

/** Shows how loud a microphone is, until it is stopped. */
export function showLevel(stream: MediaStream): () => void {
  const meter = byId('level', HTMLMeterElement);
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  // As long as a picture at 24 a second, so that nothing loud passes unseen on a slow machine.
  analyser.fftSize = 2_048;
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  let frame = 0;
  const draw = () => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    // The ear hears ratios: 0 is 60 dB below the loudest, 1 is the loudest.
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
