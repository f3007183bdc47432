import uPlot from 'uplot';

/** Custom properties as colours that a canvas takes: it knows neither variables nor light-dark(). */
export function colours(names: string[]): string[] {
  const probe = document.createElement('span');
  document.body.append(probe);
  const found = names.map((name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return found;
}

/** For axes in the operator's zone. */
export function zoned(zone: string | undefined): (seconds: number) => Date {
  return (seconds) => (zone ? uPlot.tzDate(new Date(seconds * 1000), zone) : new Date(seconds * 1000));
}
