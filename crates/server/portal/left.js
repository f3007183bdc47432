(() => {
  const left = document.getElementById("left");
  const time = document.getElementById("time");
  const data = document.getElementById("data");
  const two = (number) => String(number).padStart(2, "0");
  const clock = (seconds) => {
    const days = Math.floor(seconds / 86400);
    const hours = Math.floor(seconds % 86400 / 3600);
    return (days ? days + " " + left.dataset.days + " " : "") + hours + ":" + two(Math.floor(seconds % 3600 / 60)) + ":" + two(seconds % 60);
  };
  const volume = (octets) => {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let unit = 0;
    while (unit < 4 && octets >= 999.95) { octets /= 1000; unit += 1; }
    return octets.toFixed(1) + " " + units[unit];
  };
  const end = (seconds) => Date.now() + seconds * 1000;
  let ends = left.dataset.seconds === "" ? null : end(Number(left.dataset.seconds));
  const ask = async () => {
    try {
      const answer = await fetch(left.dataset.status, { cache: "no-store" });
      if (!answer.ok) return;
      const now = await answer.json();
      if (!now.active) return location.replace("/portal");
      ends = now.remaining_seconds === null ? null : end(now.remaining_seconds);
      if (now.remaining_octets !== null) data.textContent = volume(now.remaining_octets);
    } catch {
      // The Wi-Fi may be away for a moment; what is shown goes on, and it is asked again.
    }
  };
  setInterval(() => {
    if (ends === null) return;
    const seconds = Math.floor((ends - Date.now()) / 1000);
    time.textContent = clock(Math.max(0, seconds));
    if (seconds === -1 && left.dataset.status) ask();
  }, 1000);
  if (left.dataset.status) {
    setInterval(ask, 20000);
    document.addEventListener("visibilitychange", () => document.hidden || ask());
  }
})();
