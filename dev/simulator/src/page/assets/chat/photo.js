// Photos as Telegram's clients send them: a JPEG, the longer side at most 1280.

const LONGEST_SIDE = 1280;
const QUALITY = 0.85;

/** Fails if the file is no picture. */
export async function asJpeg(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * scale)));
  return drawn(width, height, (brush) => {
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, width, height);
    brush.drawImage(picture, 0, 0, width, height);
  });
}

/** A wall with a window, for those who have no picture at hand. */
export function examplePhoto() {
  return drawn(960, 720, (brush) => {
    const fill = (colour, ...box) => {
      brush.fillStyle = colour;
      brush.fillRect(...box);
    };
    fill("#d8cbb8", 0, 0, 960, 720);
    fill("#8d6e55", 0, 640, 960, 80);
    fill("#f6f6f2", 260, 110, 440, 420);
    const sky = brush.createLinearGradient(0, 130, 0, 510);
    sky.addColorStop(0, "#86bdf0");
    sky.addColorStop(1, "#e6f3ff");
    fill(sky, 285, 135, 185, 370);
    fill(sky, 490, 135, 185, 370);
    fill("#e3e0d8", 230, 530, 500, 26);
  });
}

function drawn(width, height, draw) {
  const canvas = new OffscreenCanvas(width, height);
  draw(canvas.getContext("2d"));
  return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}
