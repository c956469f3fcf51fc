#include "pages.hpp"

namespace demobot {

std::string_view office_page()
{
    return R"(<!DOCTYPE html>
<html lang=en>
<head>
<meta charset=utf-8><title>The office &mdash; today&#39;s strip</title>
<meta property="og:image" content="/pictures/office.png?card=1">
<link rel=stylesheet href="/style.css">
<script>if (1 < 2) document.write("<img class=img-comic src='/ads/never.png'>")</script>
</head>
<body class="home page">
<!-- <img class="img-comic" src="/old.png"> -->
<nav><ul><li><a href=/>Home<li><a href="/archive?from=1989&to=2023">Archive</a><li>About</ul></nav>
<div class="ad"><img src="/ads/chair.gif" alt="Buy a chair" width=300 height=250></div>
<section class="comic-item js-comic">
  <p>Friday <b>November 20, <i>2026</b></i>
  <a href="/strip/2026-11-20" title="Click to see the comic">
    <img class="img-responsive  img-comic" width=630 height=200
         alt="The office, today: who broke the build &amp; why" src="../pictures/office.png?width=630&amp;v=2" />
  </a>
  <table><tr><td>Rate it<td><img class=star src=/star.png><img class=star src=/star.png></table>
</section>
<footer><p>&copy; The office<br>All rights reserved
)";
}

std::string_view garden_page()
{
    return R"(<!doctype html>
<html><head><meta charset="utf-8">
<base href="/pictures/">
<title>In the garden</title>
<body>
<center><img src="logo.png" alt="Logo"></center>
<div class=comic data-url='/peanuts/2026/11/20'>
 <picture class="item-comic-image"><source type="image/webp" srcset="">
  <img class="lazyload" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" data-src="garden.gif"
       alt="In the garden:
            the kite flies at last">
  <noscript><img src="garden.gif" alt="In the garden"></noscript>
 </picture>
</div>
<p>Share <a href="mailto:?subject=Look">by mail</a>
<ul><li>yesterday<li>tomorrow</ul>
<script src="/tracker.js"></script>
)";
}

std::string_view traffic_page()
{
    return R"(<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<HTML><HEAD><TITLE>Traffic cameras</TITLE>
<META HTTP-EQUIV="refresh" CONTENT="60">
</HEAD>
<BODY BGCOLOR=#ffffff>
<IMG SRC="../pictures/banner.png" ALT="City of Example">
<TABLE BORDER=1 CELLPADDING=4>
<TR>
 <TD CLASS="camera north"><A HREF="camera.cgi?id=1&big"><IMG SRC="/pictures/camera-1.png" ALT="North gate &ndash; motorway 1"></A>
 <TD CLASS=camera><IMG SRC=../pictures/camera-2.png ALT='Harbour bridge'>
<TR>
 <TD CLASS=camera><IMG ALT="Station square" SRC="../pictures/./camera-3.png"><BR>updated <FONT COLOR=red>now
 <TD CLASS="camera"><IMG SRC="/pictures/camera-4.png" ALT="Stra&szlig;e am See"><IMG SRC="/pictures/camera-4.png" ALT="again">
 <TD><IMG SRC="/pictures/spacer.gif">
</TABLE>
<P>No warranty. <A HREF="mailto:webmaster@example.com">Webmaster</A>
)";
}

} // namespace demobot
