export default function removeStarts() {
  globalThis.removeStarts();
}
