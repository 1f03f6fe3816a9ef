// A sound and a tremor for each answer, so that nobody need look at the screen.
const TONES = { ok: [[880, 0.09]], warning: [[520, 0.1], [520, 0.1]], danger: [[220, 0.35]] };
const TREMORS = { ok: 60, warning: [80, 60, 80], danger: [300] };
const PAUSE = 0.06;
let audio;

/** To be called from a click: browsers let nothing sound before one. */
export function wake() {
  audio ??= new AudioContext();
  audio.resume().catch(() => null);
}

export function signal(tone) {
  navigator.vibrate?.(TREMORS[tone]);
  if (audio?.state !== "running") return;
  let at = audio.currentTime;
  for (const [pitch, length] of TONES[tone]) {
    const source = new OscillatorNode(audio, { frequency: pitch });
    const volume = new GainNode(audio, { gain: 0.15 });
    source.connect(volume).connect(audio.destination);
    source.start(at);
    source.stop(at + length);
    at += length + PAUSE;
  }
}
