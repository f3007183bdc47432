// Figures that people read, as numbers again, to compare them with what the API says.

const UNITS = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, bps: 1, kbps: 1e3, Mbps: 1e6, Gbps: 1e9 };

/** The least and the most that `12.3 MB` or `↓ 1.22 Mbps` can stand for; undefined where there is no figure. */
export function read(text) {
  const found = /(\d+(?:\.(\d+))?)\s*([kMGT]?(?:B|bps))\b/.exec(text);
  if (!found) return undefined;
  const unit = UNITS[found[3]];
  const half = (unit * 10 ** -(found[2]?.length ?? 0)) / 2;
  return { least: Number(found[1]) * unit - half, most: Number(found[1]) * unit + half };
}
