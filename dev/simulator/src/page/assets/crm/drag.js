// Dragging a deal to another stage with the mouse; fingers scroll, they have the list of stages.

const FAR_ENOUGH = 6;
const EDGE = 48;
const SCROLL_STEP = 14;

/** `drop(deal, status)` is called where a card is let go over another stage. */
export function startDragging(board, drop) {
  board.addEventListener("pointerdown", (event) => {
    const card = event.target.closest("[data-stage] [data-deal]");
    const isHandle = event.pointerType !== "touch" && event.button === 0 && !event.target.closest("button, select");
    if (card && isHandle) new Drag(board, card, event, drop);
  });
}

class Drag {
  constructor(board, card, event, drop) {
    Object.assign(this, { board, card, drop, startX: event.clientX, startY: event.clientY });
    const box = card.getBoundingClientRect();
    this.grip = { x: event.clientX - box.left, y: event.clientY - box.top };
    this.ends = new AbortController();
    const { signal } = this.ends;
    document.addEventListener("pointermove", (moved) => this.move(moved), { signal });
    document.addEventListener("pointerup", (up) => this.end(up), { signal });
    document.addEventListener("pointercancel", () => this.finish(), { signal });
    document.addEventListener("keydown", (key) => key.key === "Escape" && this.finish(), { signal });
    event.preventDefault();
  }

  move(event) {
    if (!this.ghost && Math.hypot(event.clientX - this.startX, event.clientY - this.startY) < FAR_ENOUGH) return;
    this.ghost ??= this.lift();
    this.ghost.style.transform = `translate(${event.clientX - this.grip.x}px, ${event.clientY - this.grip.y}px) rotate(2deg)`;
    this.mark(this.stageAt(event));
    const box = this.board.getBoundingClientRect();
    if (event.clientX > box.right - EDGE) this.board.scrollLeft += SCROLL_STEP;
    if (event.clientX < box.left + EDGE) this.board.scrollLeft -= SCROLL_STEP;
  }

  lift() {
    const ghost = this.card.cloneNode(true);
    ghost.removeAttribute("data-deal");
    ghost.classList.add("ghost");
    ghost.style.width = `${this.card.offsetWidth}px`;
    document.body.append(ghost);
    this.card.classList.add("is-lifted");
    return ghost;
  }

  stageAt(event) {
    return document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-stage]");
  }

  mark(stage) {
    if (this.target === stage) return;
    this.target?.classList.remove("is-target");
    this.target = stage;
    stage?.classList.add("is-target");
  }

  end(event) {
    const stage = this.ghost && this.stageAt(event);
    if (stage && !stage.contains(this.card)) this.drop(this.card.dataset.deal, stage.dataset.stage);
    this.finish();
  }

  finish() {
    this.ends.abort();
    this.mark(null);
    this.ghost?.remove();
    this.card.classList.remove("is-lifted");
  }
}
