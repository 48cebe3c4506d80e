/** Adds one image a second after the page has loaded. */
setTimeout(() => {
  const late = document.createElement("img");
  late.id = "late";
  late.src = "notice.png";
  late.width = 320;
  late.height = 90;
  document.getElementById("late-place")?.append(late);
}, 1000);
