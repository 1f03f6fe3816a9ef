// QR codes by the camera: the browser's own detector where it has one, else the vendored decoder.
const EVERY = 120;
const GONE_AFTER = 2000;

export class Camera {
  constructor(video, onCode) {
    this.video = video;
    this.onCode = onCode;
    this.seen = new Map();
  }

  get isOn() {
    return Boolean(this.stream);
  }

  /** Rejects where there is no camera, or it isn't allowed. */
  async start() {
    if (!navigator.mediaDevices?.getUserMedia) throw new Error("");
    this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.read = await reader();
    this.look();
  }

  stop() {
    clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.video.srcObject = null;
  }

  async look() {
    const text = await this.read(this.video).catch(() => null);
    if (text) this.take(text);
    if (this.isOn) this.timer = setTimeout(() => this.look(), EVERY);
  }

  /** A badge that stays in the picture is one scan. */
  take(text) {
    const now = performance.now();
    const isNew = now - (this.seen.get(text) ?? -Infinity) > GONE_AFTER;
    this.seen.set(text, now);
    if (isNew) this.onCode(text);
  }
}

async function reader() {
  if ("BarcodeDetector" in globalThis && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  const { decodeQR } = await import("../../vendor/qr-decode.js");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const { videoWidth: width, videoHeight: height } = video;
    if (!width) return null;
    Object.assign(canvas, { width, height });
    context.drawImage(video, 0, 0);
    return decodeQR(context.getImageData(0, 0, width, height));
  };
}

/** Loads the decoder beforehand where it will be needed, so that it is there without a network. */
export async function prepare() {
  if (!("BarcodeDetector" in globalThis)) await import("../../vendor/qr-decode.js").catch(() => null);
}
