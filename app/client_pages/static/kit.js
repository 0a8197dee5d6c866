// Where the browser tells how full the battery is, nobody has to be asked (P18).
if (navigator.getBattery) navigator.getBattery().then(b => {
  let $ = id => document.getElementById(id), f = document.forms[0], full = Math.round(b.level * 100);
  f.battery.value = full;
  f.power.value = b.charging ? 1 : 0;
  $("read").querySelector("b").textContent = full;
  $("read").hidden = 0;
  $("ask").hidden = 1;
});
