// The texts that stand out too little from what is behind them: WCAG 2.2 AA wants 4.5, or 3 for large text.
() => {
  const parse = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => {
    const [red, green, blue] = [r, g, b].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.closest("script, .sr, .skip")) continue;
    const style = getComputedStyle(element);
    const [light, dark] = [parse(style.color), ground(element)].map(luminance).sort((one, other) => other - one);
    const contrast = (light + 0.05) / (dark + 0.05);
    const needed = parseFloat(style.fontSize) >= 24 ? 3 : 4.5;
    if (contrast < needed) faint.add(`${contrast.toFixed(2)} ${element.className || element.tagName}: ${texts.currentNode.data.trim().slice(0, 30)}`);
  }
  return [...faint];
}
