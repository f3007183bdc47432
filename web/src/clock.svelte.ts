// One clock for all ages on the page, so that a hundred of them cost one timer.

export const clock = $state({ now: new Date() });

setInterval(() => {
  if (!document.hidden) clock.now = new Date();
}, 1000);

document.addEventListener('visibilitychange', () => {
  clock.now = new Date();
});
