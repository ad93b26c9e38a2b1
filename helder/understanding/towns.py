"""Towns of Belgium as people write them: four digits before one of them are its postcode."""

from __future__ import annotations

import re

_NAMES = """\
aalst|aalter|aarlen|aarschot|aat|anderlecht|ans|antwerp|antwerpen|anvers|arlon|asse|ath
auderghem|balen|bastenaken|bastogne|beernem|beersel|berchem|bergen|beringen|berlaar|beveren
bilzen|binche|blankenberge|boom|boortmeerbeek|borgerhout|bornem|brasschaat|bredene|bree|bruges
brugge|brussel|brussels|bruxelles|charleroi|chimay|courtrai|couvin|damme|de haan|de panne|deinze
denderleeuw|dendermonde|deurne|diepenbeek|diest|diksmuide|dilbeek|dinant|doornik|drogenbos
duffel|edegem|eeklo|ekeren|elsene|essen|etterbeek|eupen|evere|evergem|forest|gand|ganshoren|geel
gembloux|genk|gent|geraardsbergen|ghent|grimbergen|haacht|halle|ham|hamme|harelbeke|hasselt
heist-op-den-berg|herent|herentals|herstal|heusden-zolder|hoboken|hoei|hoeselt
houthalen-helchteren|hove|huy|ieper|ingelmunster|ixelles|izegem|jette|kalmthout|kapellen|knokke
knokke-heist|koekelberg|koksijde|kontich|kortenberg|kortrijk|kraainem|kruibeke|la louviere
la louvière|lanaken|landen|lede|leuven|liege|lier|lille|liège|lochristi|lokeren|lommel
londerzeel|louvain|louvain-la-neuve|luik|maaseik|maasmechelen|machelen|maldegem|malines|marche
mechelen|meise|melle|menen|merelbeke|merksem|middelkerke|moeskroen|mol|molenbeek|mons|mortsel
mouscron|namen|namur|neerpelt|nieuwpoort|nijlen|nijvel|ninove|nivelles|oostende|oostkamp|opwijk
ostend|ostende|oud-turnhout|oudenaarde|oudergem|overijse|peer|pelt|poperinge|putte|puurs|ranst
riemst|roeselare|ronse|rotselaar|ruisbroek|schaarbeek|schaerbeek|scherpenheuvel|schilde|schoten
seraing|sint-gillis|sint-niklaas|sint-pieters-leeuw|sint-truiden|soignies|spa|stabroek|staden
stekene|temse|ternat|tervuren|tessenderlo|tielt|tienen|tongeren|torhout|tournai|tremelo|turnhout
uccle|ukkel|vaux|verviers|veurne|vilvoorde|virton|vorst|waregem|waterloo|waver|wavre|wemmel
wervik|westerlo|wetteren|wevelgem|willebroek|wilrijk|wingene|woluwe|wommelgem|wortegem|ypres
zaventem|zedelgem|zele|zelzate|zemst|zoersel|zonhoven|zottegem|zoutleeuw|zulte|zwevegem
zwijndrecht"""

TOWN = re.compile(
    r",? {1,2}(?:" + _NAMES.replace("\n", "|") + r"|(?:sint|saint|st)[- ]\w+)\b", re.IGNORECASE
)
