// Runs in the browser: a PNG (base64) in true colour becomes one with a palette, a third of its size.
// Arguments: the picture, and the callback of the driver.

const COLOURS = 256;
/** So many are the most frequent ones; the rest are those that would be missed most, as of emoji. */
const FREQUENT = 160;

const [source, done] = arguments;
convert(source).then(done, (error) => done({ error: String(error) }));

async function convert(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes]));
  const { width, height } = picture;
  const brush = new OffscreenCanvas(width, height).getContext("2d");
  brush.drawImage(picture, 0, 0);
  const pixels = brush.getImageData(0, 0, width, height).data;
  const palette = choose(count(pixels));
  const rows = indexed(pixels, width, height, palette);
  const header = [...number(width), ...number(height), 8, 3, 0, 0, 0];
  const parts = [
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", header), chunk("PLTE", palette.flat()), chunk("IDAT", await deflated(rows)), chunk("IEND", []),
  ];
  const whole = parts.flatMap((part) => [...part]);
  let text = "";
  for (const byte of whole) text += String.fromCharCode(byte);
  return btoa(text);
}

function count(pixels) {
  const counts = new Map();
  for (let at = 0; at < pixels.length; at += 4) {
    const key = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([key, times]) => ({ colour: split(key), times }));
}

function choose(counted) {
  const palette = counted.slice(0, FREQUENT).map(({ colour }) => colour);
  const rest = counted.slice(FREQUENT).map((one) => ({ ...one, gap: gap(one.colour, palette) }));
  while (palette.length < COLOURS && rest.length > 0) {
    const missed = rest.reduce((worst, one) => (one.gap * one.times > worst.gap * worst.times ? one : worst));
    palette.push(missed.colour);
    for (const one of rest) one.gap = Math.min(one.gap, distance(one.colour, missed.colour));
  }
  return palette;
}

/** A byte for each pixel, each row after a byte that says that it is not filtered. */
function indexed(pixels, width, height, palette) {
  const known = new Map();
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0, at = 0, to = 0; y < height; y++) {
    rows[to++] = 0;
    for (let x = 0; x < width; x++, at += 4) {
      const key = (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
      if (!known.has(key)) known.set(key, nearest(split(key), palette));
      rows[to++] = known.get(key);
    }
  }
  return rows;
}

const split = (key) => [key >> 16, (key >> 8) & 255, key & 255];
const distance = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
const gap = (colour, palette) => Math.min(...palette.map((other) => distance(colour, other)));

function nearest(colour, palette) {
  const distances = palette.map((other) => distance(colour, other));
  return distances.indexOf(Math.min(...distances));
}

async function deflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const number = (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

function chunk(name, data) {
  const named = Uint8Array.of(...[...name].map((c) => c.charCodeAt(0)), ...data);
  return Uint8Array.of(...number(named.length - 4), ...named, ...number(checksum(named)));
}

function checksum(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
