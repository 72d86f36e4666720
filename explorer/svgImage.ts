export interface SvgImage {
  readonly src: string;
  readonly alt: string;
}

/**
 * An SVG for an img element, in which scripts and links of the SVG are dead, with its own title and description as
 * the text alternative.
 */
export function svgImage(svg: string): SvgImage {
  const drawing = new DOMParser().parseFromString(svg, 'image/svg+xml');
  const spoken = ['title', 'desc'].map((name) => drawing.querySelector(name)?.textContent?.trim()).filter(Boolean);
  return {
    src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`,
    alt: spoken.join('. ') || 'A picture without a description',
  };
}
